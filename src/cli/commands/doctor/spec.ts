import type { CommandSpec } from "../../command.ts";

/** `hale doctor`: what it is called and takes. */
export const spec = {
  name: "doctor",
  group: "more",
  summary: "look for what is wrong with hale on this machine",
  description:
    "Looks at what hale may do, at its home (who else can write to it, free space, the clock, the " +
    "supervisor, every record and snapshot, the policy, the audit log, the cache), and says what " +
    "to do about each thing that is wrong. The exit status is then 1.",
  args: [],
  flags: {
    repair: {
      kind: "boolean",
      summary: "set aside what is broken; nothing is deleted, and services run on",
    },
  },
  examples: [
    { line: "hale doctor", does: "Looks at everything, and changes nothing." },
    { line: "hale doctor --repair", does: "Moves broken lines and files out of the way." },
  ],
} as const satisfies CommandSpec;
