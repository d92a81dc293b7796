import type { CommandSpec } from "../../command.ts";
import { ONE_SERVICE } from "../service_arguments.ts";
import { RECORD_LIMIT } from "../shared_flags.ts";

/** Name, arguments, flags and help of `hale history`. */
export const spec = {
  name: "history",
  group: "observe",
  summary: "Show the launches and exits of one service",
  description:
    "Shows the transcript of a service, oldest record first: requests, launches, exits " +
    "and the last lines written to standard error before each exit. With --config, shows what " +
    "the service was launched with; values of environment variables are not kept. Here --config " +
    "takes no file: name hale.toml with -c.",
  readOnly: true,
  args: [
    ONE_SERVICE,
    {
      name: "digest",
      summary: "With --config: digest of a launch configuration, or its first digits",
      optional: true,
    },
  ],
  flags: {
    showConfig: {
      kind: "boolean",
      long: "config",
      summary: "Show the configuration of the last launch, or of DIGEST",
      conflicts: ["start"],
    },
    start: {
      kind: "number",
      placeholder: "N",
      summary: "Number of the first record to show (default: show the last records)",
    },
    limit: RECORD_LIMIT,
  },
  examples: [
    { line: "hale history api", does: "Show the latest launches and exits of api." },
    { line: "hale history api --config", does: "Show what its last launch ran, and how." },
  ],
} as const satisfies CommandSpec;
