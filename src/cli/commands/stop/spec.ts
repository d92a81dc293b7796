import type { CommandSpec } from "../../command.ts";
import { SERVICES } from "../service_arguments.ts";

/** `hale stop`: what it is called and takes. */
export const spec = {
  name: "stop",
  group: "everyday",
  summary: "stop services",
  description: "Asks the named services to end, kills what is left at the end of their budget, " +
    "and proves that they are gone.",
  args: [SERVICES],
  flags: {},
  examples: [{ line: "hale stop engine", does: "Stops the service engine." }],
} as const satisfies CommandSpec;
