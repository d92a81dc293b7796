import type { Command, Invocation } from "../../command.ts";
import {
  type HelpOptions,
  MAX_HELP_WIDTH,
  renderCommandHelp,
  renderOverview,
  renderPrefixHelp,
} from "../../render/help.ts";
import { usageError, UsageProblem } from "../../args/usage_problem.ts";
import { readTopic } from "../../manual/read_topic.ts";
import { TOPICS } from "../../manual/topics.ts";
import { page } from "../../output/pager.ts";
import type { spec } from "./spec.ts";

/**
 * `hale help [TOPIC]`: shows a topic, or else a command. `--help` and a bare `hale` mean
 * `hale help --command`, which shows commands only and uses no pager.
 */
export async function run(invocation: Invocation<typeof spec>): Promise<number> {
  const { args, flags, commands, common, output } = invocation;
  const { stdout } = output;
  const options = { width: Math.min(MAX_HELP_WIDTH, stdout.columns), color: stdout.color };
  const name = args.topic.join(" ");
  if (flags.command) {
    output.result(
      name === ""
        ? renderOverview(commands, { ...options, topics: TOPICS })
        : await commandHelp(name, commands, options),
    );
    return 0;
  }
  const topic = TOPICS.find((topic) => topic.name === name);
  if (topic === undefined) {
    const text = name === ""
      ? renderOverview(commands, { ...options, topics: await Promise.all(TOPICS.map(readTopic)) })
      : await commandHelp(name, commands, options);
    await page(text, { stdout });
    return 0;
  }
  const text = await readTopic(topic);
  if (common.json) output.json({ topic: name, title: text.title, markdown: text.markdown });
  else {
    const { renderTopic } = await import("../../render/topic.ts");
    await page(renderTopic(text, { ...options, commands }), { stdout });
  }
  return 0;
}

async function commandHelp(
  name: string,
  commands: readonly Command[],
  options: HelpOptions,
): Promise<string> {
  const hasTopic = TOPICS.some((topic) => topic.name === name.split(" ", 1)[0]);
  const command = commands.find((command) => command.name === name);
  if (command !== undefined) return renderCommandHelp(command, { ...options, hasTopic });
  const subcommands = commands.filter((command) => command.name.startsWith(`${name} `));
  if (subcommands.length > 0) return renderPrefixHelp(name, { ...options, subcommands, hasTopic });
  const known = [
    ...TOPICS.map(({ name }) => name),
    ...commands.filter(({ hidden }) => !hidden).map(({ name }) => name),
  ];
  const message = `hale has no topic or command "${name}".`;
  throw await usageError(new UsageProblem(message, { word: name, known }), null);
}
