import type { CommandSpec } from "../../command.ts";

/** Name, arguments, flags and help of `hale doctor`. */
export const spec = {
  name: "doctor",
  group: "more",
  summary: "Find problems of this installation and repair them",
  description:
    "Checks what hale is permitted to do and the state of its home: file permissions, free space, " +
    "clock, supervisor, records and snapshots, policy, audit log and cache. Each problem comes " +
    "with a remedy. Exits with 1 if there is a problem.",
  readOnly: true,
  args: [],
  flags: {
    repair: {
      kind: "boolean",
      summary:
        "Quarantine damaged records and files; no record is deleted and services keep running",
    },
  },
  examples: [
    { line: "hale doctor", does: "Check everything and change nothing." },
    { line: "hale doctor --repair", does: "Move damaged records and files out of the way." },
    { line: "hale doctor -q", does: "Show only what is not ok, for use in scripts." },
  ],
} as const satisfies CommandSpec;
