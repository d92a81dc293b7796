import type { CommandSpec } from "../../command.ts";

/** Name, arguments, flags and help of `hale __complete`. */
export const spec = {
  name: "__complete",
  group: "more",
  summary: "Complete a command line",
  description: "Used by the scripts of `hale completions`. Lists what fits as the last of the " +
    "words after --; the first line of the output names the kind.",
  readOnly: true,
  args: [],
  rest: {
    placeholder: "WORD...",
    summary: "Words of the command line after hale; the last one is incomplete",
  },
  flags: {
    newWord: { kind: "boolean", summary: "Complete a new word after the given ones" },
  },
  examples: [{ line: "hale __complete -- st", does: "List the commands that begin with st." }],
  hidden: true,
} as const satisfies CommandSpec;
