import type { CommandSpec } from "../../command.ts";
import { SERVICES } from "../service_arguments.ts";

/** Name, arguments, flags and help of `hale start`. */
export const spec = {
  name: "start",
  group: "services",
  summary: "Start services, or a command as a service",
  description: "Starts the named services and what they depend on. With a command after --, " +
    "starts that command as a service of the given name; this needs no hale.toml. The name must be " +
    "free.",
  args: [SERVICES],
  rest: {
    placeholder: "COMMAND [ARG...]",
    summary: "Command to run as the service; its arguments are passed on unchanged",
  },
  flags: {},
  examples: [
    { line: "hale start api", does: "Start the service api of hale.toml." },
    { line: "hale start web -- node server.js", does: "Run node server.js as the service web." },
  ],
} as const satisfies CommandSpec;
