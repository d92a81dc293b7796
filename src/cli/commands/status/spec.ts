import type { CommandSpec } from "../../command.ts";
import { ONE_SERVICE } from "../service_arguments.ts";

/** `hale status`: what it is called and takes. */
export const spec = {
  name: "status",
  group: "look",
  summary: "show how services are",
  description: "Shows state, health, process and age of each service. The exit status is 0 " +
    "whatever it shows, unless --check is given.",
  args: [{ ...ONE_SERVICE, optional: true }],
  flags: {
    check: {
      kind: "boolean",
      summary: "exit with 3 if a service is not running, 4 if one is not healthy",
      conflicts: ["watch"],
    },
    watch: { kind: "boolean", summary: "stay, and show every change" },
  },
  examples: [
    { line: "hale status", does: "Shows all services of hale.toml." },
    { line: "hale status engine --check -q", does: "Says by its exit status if engine is well." },
  ],
} as const satisfies CommandSpec;
