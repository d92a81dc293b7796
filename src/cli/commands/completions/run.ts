import type { Invocation } from "../../command.ts";
import { COMPLETION_SCRIPTS } from "../../completions/shells.ts";
import { usageError, UsageProblem } from "../../args/usage_problem.ts";
import type { spec } from "./spec.ts";

/** `hale completions`: prints the completion script of a shell. */
export async function run({ args, common, output }: Invocation<typeof spec>): Promise<number> {
  const { shell } = args;
  const script = COMPLETION_SCRIPTS[shell];
  if (script === undefined) {
    const known = Object.keys(COMPLETION_SCRIPTS);
    const message = `hale has no completions for "${shell}". Supported: ${known.join(", ")}.`;
    throw await usageError(new UsageProblem(message, { word: shell, known }), "completions");
  }
  if (common.json) output.json({ shell, script });
  else output.result(script);
  return 0;
}
