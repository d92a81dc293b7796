import type { Command, Invocation } from "../../command.ts";
import {
  type HelpOptions,
  MAX_HELP_WIDTH,
  renderCommandHelp,
  renderOverview,
  renderPrefixHelp,
} from "../../render/help.ts";
import { usageError, UsageProblem } from "../../args/usage_problem.ts";
import type { spec } from "./spec.ts";

/** `hale help [COMMAND]`, which `--help` and a bare `hale` are short for. */
export async function run({ args, commands, output }: Invocation<typeof spec>): Promise<number> {
  const { columns, color } = output.stdout;
  const width = Math.min(MAX_HELP_WIDTH, columns);
  output.result(await helpFor(args.command.join(" "), commands, { width, color }));
  return 0;
}

async function helpFor(
  topic: string,
  commands: readonly Command[],
  options: HelpOptions,
): Promise<string> {
  if (topic === "") return renderOverview(commands, options);
  const command = commands.find(({ name }) => name === topic);
  if (command !== undefined) return renderCommandHelp(command, options);
  const below = commands.filter(({ name }) => name.startsWith(`${topic} `));
  if (below.length > 0) return renderPrefixHelp(below, options);
  const known = commands.filter(({ hidden }) => !hidden).map(({ name }) => name);
  const problem = new UsageProblem(`hale has no command "${topic}".`, { word: topic, known });
  throw await usageError(problem, null);
}
