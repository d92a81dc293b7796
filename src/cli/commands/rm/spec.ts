import type { CommandSpec } from "../../command.ts";
import { SERVICES } from "../service_arguments.ts";

/** Name, arguments, flags and help of `hale rm`. */
export const spec = {
  name: "rm",
  group: "services",
  summary: "Forget stopped services, with their logs and history",
  description: "Removes services that were started with a command after --, or whose table was " +
    "deleted from hale.toml: their logs, history and settings. Files that a service wrote into its " +
    "own data folder are kept. Removes nothing if one of them is not stopped (exit status 1) or is " +
    "in hale.toml (2).",
  args: [SERVICES],
  flags: {},
  examples: [
    { line: "hale rm web", does: "Forget the stopped service web." },
    { line: "hale rm web worker", does: "Forget two services." },
  ],
} as const satisfies CommandSpec;
