import type { CommandSpec } from "../../command.ts";

/** Name, arguments, flags and help of `hale audit`. */
export const spec = {
  name: "audit",
  group: "observe",
  summary: "Show who started, stopped or changed what",
  description:
    "Shows the audit log of the home, oldest record first: starts, stops, restarts, exits, kills, " +
    "adoptions, downloads and policy denials, with the user and the reason. Each record holds " +
    "the hash of the previous one. --verify checks the whole chain and exits with 9 at the first " +
    "record that does not match. It cannot find that the newest records were removed: keep the " +
    "hash that it prints, and give it to --expect later.",
  readOnly: true,
  args: [],
  flags: {
    limit: {
      kind: "number",
      short: "n",
      placeholder: "N",
      summary: "Show the last N records",
      default: "20",
      conflicts: ["verify", "expect"],
    },
    service: {
      kind: "string",
      placeholder: "SERVICE",
      summary: "Show only records of this service",
      conflicts: ["verify", "expect"],
      completes: "service",
    },
    verify: { kind: "boolean", summary: "Check the hash chain and print the last hash" },
    expect: {
      kind: "string",
      placeholder: "HASH",
      summary: "Check the chain, and that it holds the record with this hash",
    },
  },
  examples: [
    { line: "hale audit --service api -n 5", does: "Show the last five records of api." },
    {
      line: "hale audit --verify",
      does: "Check that no record was changed, or removed before the newest one.",
    },
  ],
} as const satisfies CommandSpec;
