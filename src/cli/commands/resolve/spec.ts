import type { CommandSpec } from "../../command.ts";
import { ONE_SERVICE } from "../service_arguments.ts";
import { VERIFY } from "../shared_flags.ts";

/** `hale resolve`: what it is called and takes. */
export const spec = {
  name: "resolve",
  group: "resolve",
  summary: "show which executable a service would run",
  description: "Finds the executable of a service as up would, without downloading or starting " +
    "anything, and shows its path. Where only a download would bring it, says from where and " +
    "exits with 5; with --explain the table says so.",
  args: [ONE_SERVICE],
  flags: {
    explain: {
      kind: "boolean",
      summary: "every place that was looked at, and why it was not it",
    },
    verify: VERIFY,
  },
  examples: [
    { line: "hale resolve engine --explain", does: "Says where the executable comes from." },
  ],
} as const satisfies CommandSpec;
