import type { CommandSpec } from "../../command.ts";
import { ONE_SERVICE } from "../service_arguments.ts";
import { VERIFY } from "../shared_flags.ts";

/** Name, arguments, flags and help of `hale resolve`. */
export const spec = {
  name: "resolve",
  group: "executables",
  summary: "Show which executable a service would run",
  description: "Finds the executable of a service as `hale up` does and prints its path. Nothing " +
    "is downloaded or started. Exits with 5 if the executable has to be downloaded first; with " +
    "--explain, the table says so and the exit status is 0.",
  readOnly: true,
  args: [ONE_SERVICE],
  flags: {
    explain: {
      kind: "boolean",
      summary: "Show every place that was searched, with the outcome and the reason",
    },
    verify: VERIFY,
  },
  examples: [
    { line: "hale resolve engine", does: "Print the path of the executable." },
    { line: "hale resolve engine --explain", does: "Show how the executable was chosen." },
  ],
} as const satisfies CommandSpec;
