import type { CommandSpec } from "../../../command.ts";

/** `hale cache verify`: what it is called and takes. */
export const spec = {
  name: "cache verify",
  group: "resolve",
  summary: "compare the cache with what was installed",
  description: "Reads every file in the cache and compares its checksum with the one it had " +
    "when it was installed. Exits with 6 if anything has changed.",
  args: [],
  flags: {},
  examples: [{ line: "hale cache verify", does: "Reads everything that may be run." }],
} as const satisfies CommandSpec;
