import type { CommandSpec } from "../../command.ts";

/** `hale supervise`: what it is called and takes. */
export const spec = {
  name: "supervise",
  group: "more",
  summary: "be the supervisor of this home",
  description: "The process that looks after the services of a home. Commands start it when " +
    "they need it; by hand it is of use under another supervisor and for finding faults.",
  args: [],
  flags: {
    idleTimeout: {
      kind: "duration",
      placeholder: "TIME",
      summary: "end after so long with nothing to look after",
      default: "1m",
    },
    replace: {
      kind: "boolean",
      summary: "take over from the supervisor that is there; its services do not notice",
    },
  },
  examples: [
    { line: "hale supervise", does: "Supervises in this terminal." },
    {
      line: "hale supervise --replace",
      does: "Takes over from the supervisor in the background.",
    },
  ],
  endsOnSigterm: true,
  hidden: true,
} as const satisfies CommandSpec;
