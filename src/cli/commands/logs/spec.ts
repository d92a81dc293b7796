import type { CommandSpec } from "../../command.ts";
import { SERVICES } from "../service_arguments.ts";

/** Name, arguments, flags and help of `hale logs`. */
export const spec = {
  name: "logs",
  group: "observe",
  summary: "Show the output of services",
  description: "Shows the last lines that the services wrote to standard output and standard " +
    "error, including rotated files. Lines of several services are merged by time: the ISO 8601 " +
    "time at the start of a line, or else the time recorded by the supervisor, which is accurate " +
    "to a few seconds.",
  readOnly: true,
  args: [SERVICES],
  flags: {
    lines: {
      kind: "number",
      short: "n",
      placeholder: "N",
      summary: "Show the last N lines of each service (default: 20, or all with --since)",
    },
    follow: { kind: "boolean", short: "f", summary: "Keep running and show new lines" },
    since: {
      kind: "duration",
      placeholder: "TIME",
      summary: "Show only lines of the last TIME, such as 10m",
    },
    stdout: { kind: "boolean", summary: "Show only standard output", conflicts: ["stderr"] },
    stderr: { kind: "boolean", summary: "Show only standard error", conflicts: ["stdout"] },
  },
  examples: [
    { line: "hale logs api -n 50", does: "Show the last 50 lines of api." },
    { line: "hale logs api worker -f", does: "Follow two services; each line starts with a name." },
    {
      line: "hale logs api --since 10m --stderr",
      does: "Show the errors of the last ten minutes.",
    },
  ],
} as const satisfies CommandSpec;
