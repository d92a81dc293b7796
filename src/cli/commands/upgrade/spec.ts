import type { CommandSpec } from "../../command.ts";

/** `hale upgrade`: what it is called and takes. */
export const spec = {
  name: "upgrade",
  group: "more",
  summary: "replace hale by its newest release",
  description:
    "Downloads and verifies a release of hale, asks it for its version, and puts it in " +
    "the place of this executable; a running supervisor hands over to it, and services do not " +
    "notice. If the new one does not answer, the old one stays.",
  args: [{ name: "version", summary: "the release (else the newest one)", optional: true }],
  flags: {
    check: { kind: "boolean", summary: "only say whether there is a newer one" },
  },
  examples: [
    { line: "hale upgrade --check", does: "Says whether there is a newer release." },
    { line: "hale upgrade 0.2.0", does: "Makes this hale 0.2.0, be it newer or older." },
  ],
} as const satisfies CommandSpec;
