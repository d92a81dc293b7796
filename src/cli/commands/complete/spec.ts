import type { CommandSpec } from "../../command.ts";

/** `hale __complete`: what it is called and takes. */
export const spec = {
  name: "__complete",
  group: "more",
  summary: "answer a shell what fits",
  description: "What the scripts of hale completions ask: which words fit as the last one after " +
    "--. The first line of the answer says what kind they are.",
  args: [],
  rest: { placeholder: "WORD...", summary: "the words after hale; the last one is being typed" },
  flags: {
    newWord: { kind: "boolean", summary: "a new word after those is being typed" },
  },
  examples: [{ line: "hale __complete -- st", does: "Lists the commands that begin with st." }],
  hidden: true,
} as const satisfies CommandSpec;
