import type { CommandSpec } from "../../command.ts";
import { SERVICES } from "../service_arguments.ts";

/** `hale start`: what it is called and takes. */
export const spec = {
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
} as const satisfies CommandSpec;
