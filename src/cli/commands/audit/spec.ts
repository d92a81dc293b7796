import type { CommandSpec } from "../../command.ts";

/** `hale audit`: what it is called and takes. */
export const spec = {
  name: "audit",
  group: "look",
  summary: "show who did what, and check that nobody changed it",
  description:
    "Shows the audit log of the home: starts, stops, restarts, exits, kills, adoptions, " +
    "downloads and what the policy refused, with who asked and why, oldest first. Each record " +
    "carries the hash of the one before: --verify checks them all, and ends with 9 at the first " +
    "that is wrong.",
  args: [],
  flags: {
    limit: {
      kind: "number",
      short: "n",
      placeholder: "N",
      summary: "the last N records",
      default: "20",
      conflicts: ["verify", "expect"],
    },
    service: {
      kind: "string",
      placeholder: "NAME",
      summary: "only those of a service",
      conflicts: ["verify", "expect"],
      completes: "service",
    },
    verify: { kind: "boolean", summary: "check the chain, and print the last hash" },
    expect: {
      kind: "string",
      placeholder: "HASH",
      summary: "check too that a record that was once the last is still there",
    },
  },
  examples: [
    { line: "hale audit --service engine -n 5", does: "Shows the last five acts on engine." },
    { line: "hale audit --verify", does: "Says if every record is as it was written." },
  ],
} as const satisfies CommandSpec;
