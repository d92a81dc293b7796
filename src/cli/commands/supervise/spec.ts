import type { CommandSpec } from "../../command.ts";

/** Name, arguments, flags and help of `hale supervise`. */
export const spec = {
  name: "supervise",
  group: "more",
  summary: "Run the supervisor of this home",
  description: "Runs the process that supervises the services of a home. Other commands start it " +
    "in the background when they need it. Run it yourself under systemd or another supervisor, " +
    "or to look for faults.",
  args: [],
  flags: {
    idleTimeout: {
      kind: "duration",
      placeholder: "TIME",
      summary: "Exit after this long without a service to supervise",
      default: "1m",
    },
    replace: {
      kind: "boolean",
      summary: "Take over from the running supervisor; its services keep running",
    },
  },
  examples: [
    { line: "hale supervise", does: "Supervise in this terminal." },
    {
      line: "hale supervise --replace",
      does: "Take over from the supervisor in the background.",
    },
  ],
  endsOnSigterm: true,
  hidden: true,
} as const satisfies CommandSpec;
