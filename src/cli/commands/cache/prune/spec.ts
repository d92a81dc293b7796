import type { CommandSpec } from "../../../command.ts";

/** Name, arguments, flags and help of `hale cache prune`. */
export const spec = {
  name: "cache prune",
  group: "executables",
  summary: "Remove unused executables from the cache",
  description: "Removes artifacts that were not used for 30 days, or as --days, --keep and --all " +
    "say. With both --days and --keep, either condition is enough. An artifact that a service " +
    "runs from, or is configured to run from, is always kept.",
  args: [],
  flags: {
    days: {
      kind: "number",
      placeholder: "N",
      summary: "Remove artifacts that were not used for N days",
    },
    keep: {
      kind: "number",
      placeholder: "N",
      summary: "Keep the N most recently used artifacts of each program, remove the others",
    },
    all: {
      kind: "boolean",
      summary: "Remove every artifact that is not in use",
      conflicts: ["days", "keep"],
    },
    dryRun: { kind: "boolean", summary: "Show what would be removed and remove nothing" },
  },
  examples: [
    { line: "hale cache prune", does: "Remove what was not used for 30 days." },
    { line: "hale cache prune --keep 2", does: "Keep two versions of each program." },
    { line: "hale cache prune --all --dry-run", does: "Show what is not in use." },
  ],
} as const satisfies CommandSpec;
