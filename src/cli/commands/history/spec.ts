import type { CommandSpec } from "../../command.ts";
import { ONE_SERVICE } from "../service_arguments.ts";
import { RECORD_LIMIT } from "../shared_flags.ts";

/** `hale history`: what it is called and takes. */
export const spec = {
  name: "history",
  group: "look",
  summary: "show the story of one service",
  description: "Shows the transcript of a service: what was asked of it, its launches, how they " +
    "ended, and the last lines they wrote. With --config it shows what the service was launched " +
    "with, without the values of environment variables; the file is then named with -c.",
  args: [
    ONE_SERVICE,
    {
      name: "digest",
      summary: "with --config: digest of a launch, or its beginning",
      optional: true,
    },
  ],
  flags: {
    showConfig: {
      kind: "boolean",
      long: "config",
      summary: "what the service was launched with (last, or DIGEST)",
      conflicts: ["start"],
    },
    start: {
      kind: "number",
      placeholder: "N",
      summary: "the first record to show (else the last ones)",
    },
    limit: RECORD_LIMIT,
  },
  examples: [
    { line: "hale history engine", does: "Shows the last launches and exits." },
    { line: "hale history engine --config", does: "Shows what its last launch was made with." },
  ],
} as const satisfies CommandSpec;
