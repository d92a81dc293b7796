import type { CommandSpec } from "../../command.ts";
import { SERVICES } from "../service_arguments.ts";

/** `hale logs`: what it is called and takes. */
export const spec = {
  name: "logs",
  group: "look",
  summary: "show what services write",
  description: "Shows the last lines that the named services have written, to standard output " +
    "and standard error, with those of rotated files. Lines of several services are in the " +
    "order of time as well as it is known: by the time that a line begins with (ISO 8601), else " +
    "by what the supervisor saw, which looks every one to five seconds. So --since may show " +
    "lines of some seconds before.",
  args: [SERVICES],
  flags: {
    lines: {
      kind: "number",
      short: "n",
      placeholder: "N",
      summary: "the last N lines of each service (else 20; with --since all)",
    },
    follow: { kind: "boolean", short: "f", summary: "stay, and show new lines as they come" },
    since: {
      kind: "duration",
      placeholder: "TIME",
      summary: "only what was written in the last TIME, such as 10m",
    },
    stdout: { kind: "boolean", summary: "only standard output", conflicts: ["stderr"] },
    stderr: { kind: "boolean", summary: "only standard error", conflicts: ["stdout"] },
  },
  examples: [
    { line: "hale logs engine -n 50", does: "Shows the last 50 lines of engine." },
    { line: "hale logs engine api -f", does: "Follows two services, each line with its name." },
    { line: "hale logs api --since 10m --stderr", does: "Shows the errors of ten minutes." },
  ],
} as const satisfies CommandSpec;
