import type { CommandSpec } from "../../command.ts";
import { ALL_SERVICES } from "../service_arguments.ts";

/** `hale up`: what it is called and takes. */
export const spec = {
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
} as const satisfies CommandSpec;
