import type { Command, CommandModule } from "../command.ts";
import { ALL_SERVICES, SERVICES } from "./service_arguments.ts";

/** Commands that start and stop services. */
export const EVERYDAY_COMMANDS = [
  {
    name: "init",
    group: "everyday",
    summary: "write a first hale.toml",
    description:
      "Writes a commented hale.toml into this folder, to be read and changed. It never " +
      "overwrites a file.",
    args: [],
    flags: {
      preset: {
        kind: "string",
        placeholder: "NAME",
        summary: "a built-in service to begin with",
        repeated: true,
        completes: "preset",
      },
    },
    examples: [{ line: "hale init", does: "Writes a hale.toml with one engine, ready to start." }],
    load: (): Promise<CommandModule> => import("../commands/init/run.ts"),
  },
  {
    name: "up",
    group: "everyday",
    summary: "start services and wait until they are healthy",
    description: "Finds the executables (downloading and verifying what is missing), starts the " +
      "services in the order of their dependencies, and waits until every one is healthy. What " +
      "runs already stays as it is. The services outlive this command and this terminal.",
    args: [ALL_SERVICES],
    flags: {
      foreground: {
        kind: "boolean",
        summary: "stay, show the logs, and stop the services on Ctrl-C",
      },
      timeout: {
        kind: "duration",
        placeholder: "TIME",
        summary: "how long to wait for all to be healthy",
        default: "30s",
      },
      locked: {
        kind: "boolean",
        summary: "fail where hale.lock would have to be changed",
      },
      verify: {
        kind: "boolean",
        summary: "read what is in the cache, whatever a look at it tells",
      },
    },
    examples: [
      { line: "hale up", does: "Starts everything in hale.toml." },
      { line: "hale up engine --timeout 2m", does: "Starts one service; it may take two minutes." },
      { line: "hale up --foreground", does: "Starts everything and shows the logs until Ctrl-C." },
    ],
    endsOnSigterm: true,
    load: (): Promise<CommandModule> => import("../commands/up/run.ts"),
  },
  {
    name: "down",
    group: "everyday",
    summary: "stop every service",
    description: "Stops the services of this hale.toml, the dependent ones first, and comes back " +
      "when none of their processes is left.",
    args: [ALL_SERVICES],
    flags: {},
    examples: [{ line: "hale down", does: "Stops everything in hale.toml." }],
    load: (): Promise<CommandModule> => import("../commands/down/run.ts"),
  },
  {
    name: "start",
    group: "everyday",
    summary: "start services, or any command under a name",
    description: "Starts the named services. With a command after --, starts that command under " +
      "the name; it needs no hale.toml.",
    args: [SERVICES],
    rest: {
      placeholder: "COMMAND [ARG...]",
      summary: "a command to run under the one name given; passed on untouched",
    },
    flags: {},
    examples: [
      { line: "hale start engine", does: "Starts the service engine of hale.toml." },
      { line: "hale start web -- node server.js", does: "Runs node server.js as the service web." },
    ],
    load: (): Promise<CommandModule> => import("../commands/start/run.ts"),
  },
  {
    name: "stop",
    group: "everyday",
    summary: "stop services",
    description: "Asks the named services to end, kills what is left at the end of their budget, " +
      "and proves that they are gone.",
    args: [SERVICES],
    flags: {},
    examples: [{ line: "hale stop engine", does: "Stops the service engine." }],
    load: (): Promise<CommandModule> => import("../commands/stop/run.ts"),
  },
  {
    name: "restart",
    group: "everyday",
    summary: "stop services and start them again",
    description: "Stops the named services and starts them with the configuration as it is now. " +
      "The count of automatic restarts begins anew.",
    args: [SERVICES],
    flags: {},
    examples: [{ line: "hale restart api", does: "Restarts the service api." }],
    load: (): Promise<CommandModule> => import("../commands/restart/run.ts"),
  },
] as const satisfies readonly Command[];
