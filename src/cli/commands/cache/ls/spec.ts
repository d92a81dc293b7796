import type { CommandSpec } from "../../../command.ts";

/** `hale cache ls`: what it is called and takes. */
export const spec = {
  name: "cache ls",
  group: "resolve",
  summary: "show what is in the cache",
  description: "Shows every artifact in the cache: what it is, where it came from, how long ago " +
    "it was used, and whether a service runs from it.",
  args: [],
  flags: {},
  examples: [{ line: "hale cache ls", does: "Lists all that was fetched." }],
} as const satisfies CommandSpec;
