import type { CommandSpec } from "../../command.ts";

/** Name, arguments, flags and help of `hale upgrade`. */
export const spec = {
  name: "upgrade",
  group: "more",
  summary: "Replace hale with its latest release",
  description: "Downloads and verifies a release, checks that it runs, and replaces this " +
    "executable. A running supervisor hands over to the new version; services keep running. If " +
    "the new version does not run, the old one is kept.",
  args: [{ name: "version", summary: "Release to install (default: the latest)", optional: true }],
  flags: {
    check: { kind: "boolean", summary: "Only report whether there is a newer release" },
  },
  examples: [
    { line: "hale upgrade", does: "Install the latest release." },
    { line: "hale upgrade --check", does: "Report whether there is a newer release." },
    { line: "hale upgrade 0.2.0", does: "Install release 0.2.0, older or newer." },
  ],
} as const satisfies CommandSpec;
