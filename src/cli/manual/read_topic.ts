import type { Topic } from "./topics.ts";

/** A topic with its text. */
export interface TopicText {
  readonly name: string;
  /** The text of the first heading. */
  readonly title: string;
  /** The first paragraph, on one line, without its full stop. */
  readonly summary: string;
  /** Names of the topics that the text links to, each once. */
  readonly related: readonly string[];
  readonly markdown: string;
}

/**
 * Loads the text of a topic.
 *
 * @param topic The topic.
 * @returns The text, with its title, its summary and its links to other topics.
 */
export async function readTopic({ name, load }: Topic): Promise<TopicText> {
  const { default: markdown } = await load();
  const [, title = name, summary = ""] = TITLE_AND_SUMMARY.exec(markdown) ?? [];
  const links = [...markdown.matchAll(TOPIC_LINK)].map((match) => match[1]!);
  return {
    name,
    title,
    summary: summary.trim().replaceAll("\n", " ").replace(/\.$/, ""),
    related: [...new Set(links)].filter((link) => link !== name),
    markdown,
  };
}

const TITLE_AND_SUMMARY = /^# (.+)\n+((?:[^\n]+\n?)*)/;
const TOPIC_LINK = /\]\(([a-z0-9-]+)\.md(?:#[^)]*)?\)/g;
