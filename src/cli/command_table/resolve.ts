import type { Command, CommandModule } from "../command.ts";
import { ALL_SERVICES, ONE_SERVICE } from "./service_arguments.ts";

/** Commands about the executables of services. */
export const RESOLVE_COMMANDS = [
  {
    name: "resolve",
    group: "resolve",
    summary: "show which executable a service would run",
    description: "Finds the executable of a service as up would, without downloading or starting " +
      "anything, and shows its path.",
    args: [ONE_SERVICE],
    flags: {
      explain: {
        kind: "boolean",
        summary: "every place that was looked at, and why it was not it",
      },
    },
    examples: [
      { line: "hale resolve engine --explain", does: "Says where the executable comes from." },
    ],
    load: (): Promise<CommandModule> => import("../commands/resolve.ts"),
  },
  {
    name: "fetch",
    group: "resolve",
    summary: "download the executables of services",
    description: "Downloads and verifies what the services need and the cache does not have, so " +
      "that a later up needs no network. Nothing is started.",
    args: [ALL_SERVICES],
    flags: {},
    examples: [{ line: "hale fetch", does: "Fills the cache for everything in hale.toml." }],
    load: (): Promise<CommandModule> => import("../commands/fetch.ts"),
  },
] as const satisfies readonly Command[];
