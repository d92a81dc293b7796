import type { CommandSpec } from "../../../command.ts";

/** `hale cache prune`: what it is called and takes. */
export const spec = {
  name: "cache prune",
  group: "resolve",
  summary: "remove what is not used any more",
  description: "Removes artifacts from the cache: those that were not used for 30 days, unless " +
    "a flag says otherwise. With both an age and a count, either is reason enough. What a " +
    "service runs from, or is to run from, always stays.",
  args: [],
  flags: {
    days: {
      kind: "number",
      placeholder: "N",
      summary: "those that were not used for so many days",
    },
    keep: {
      kind: "number",
      placeholder: "N",
      summary: "those of each program that are not among so many used last",
    },
    all: {
      kind: "boolean",
      summary: "everything that is not in use",
      conflicts: ["days", "keep"],
    },
    dryRun: { kind: "boolean", summary: "only say what would be removed" },
  },
  examples: [
    { line: "hale cache prune", does: "Removes what was not used for 30 days." },
    { line: "hale cache prune --keep 2", does: "Keeps the last two versions of each program." },
  ],
} as const satisfies CommandSpec;
