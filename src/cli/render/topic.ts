import type { Command } from "../command.ts";
import type { TopicText } from "../manual/read_topic.ts";
import { renderMarkdown, type RenderMarkdownOptions } from "./markdown.ts";
import { wrapText } from "./wrap.ts";

/** Settings of {@linkcode renderTopic}. */
export interface RenderTopicOptions extends RenderMarkdownOptions {
  /** All commands: one with the name of the topic is referred to. */
  readonly commands: readonly Command[];
}

/**
 * Renders a topic of the manual.
 *
 * @param topic The topic.
 * @param options The layout and the commands.
 * @returns The text, and below it the command of the same name and the topics that it links to.
 */
export function renderTopic(topic: TopicText, options: RenderTopicOptions): string {
  const { commands, color, width } = options;
  const { name, related, markdown } = topic;
  const isCommand = commands.some((command) => command.name.split(" ", 1)[0] === name);
  const references = [
    ...isCommand ? [`Flags and arguments: hale ${name} --help`] : [],
    ...related.length > 0 ? [`Topics (hale help TOPIC): ${related.join(", ")}`] : [],
  ];
  const text = renderMarkdown(markdown, options);
  if (references.length === 0) return text;
  const lines = wrapText(references.join("\n"), width - 4).map((line) => `    ${line}`);
  return [text, "", color("bold", "See also"), ...lines].join("\n");
}
