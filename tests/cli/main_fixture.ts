// The command line with additional commands that end in different ways.

import type { Command, CommandModule } from "../../src/cli/command.ts";
import { COMMANDS } from "../../src/cli/registry.ts";
import { main } from "../../src/cli/main.ts";
import { HaleError } from "../../src/errors.ts";

const RUNS: Readonly<Record<string, CommandModule["run"]>> = {
  "succeed": ({ output }) => {
    output.note("a note");
    output.result("a result");
    return Promise.resolve(0);
  },
  "answer": () => Promise.resolve(3),
  "refuse": () =>
    Promise.reject(
      new HaleError("port_occupied", "Port 1 is taken.", {
        fields: { port: 1 },
        cause: new Error("the cause"),
      }),
    ),
  "break": () => Promise.reject(new TypeError("x is not a function")),
  "flood": async ({ output, signal }) => {
    while (!signal.aborted) {
      output.result("line");
      await output.drained(signal);
    }
    return 0;
  },
  "wait": async ({ output, signal }) => {
    output.result("waiting");
    await untilAborted(signal);
    output.result("cleaned up");
    return 0;
  },
  "wait and throw": async ({ output, signal }) => {
    output.result("waiting");
    await untilAborted(signal);
    throw signal.reason;
  },
  "wait and fail": async ({ output, signal }) => {
    output.result("waiting");
    await untilAborted(signal);
    throw new HaleError("output_failed", "One is lost.");
  },
  "wait and leave": async ({ output, signal }) => {
    output.result("waiting");
    await untilAborted(signal);
    throw new HaleError("survivors_left", "One is left.");
  },
  "hang": async ({ output, signal }) => {
    output.result("waiting");
    await untilAborted(signal);
    output.result("hanging");
    await new Promise(() => setInterval(() => {}, 1000));
    return 0;
  },
};

function untilAborted(signal: AbortSignal): Promise<void> {
  // The timer keeps the event loop alive.
  const timer = setInterval(() => {}, 1000);
  return new Promise((resolve) =>
    signal.addEventListener("abort", () => {
      clearInterval(timer);
      resolve();
    })
  );
}

const fixtures = Object.entries(RUNS).map(([name, run]): Command => ({
  name,
  group: "more",
  summary: "",
  description: "",
  args: [],
  flags: {},
  examples: [{ line: "", does: "" }],
  load: () => Promise.resolve({ run }),
}));

Deno.exit(await main(Deno.args, [...COMMANDS, ...fixtures]));
