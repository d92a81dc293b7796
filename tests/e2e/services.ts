/**
 * Services for tests, as tables of a `hale.toml`. Their programs need nothing but a POSIX shell.
 *
 * @module
 */

import type { ServiceTables } from "../../src/config/schema/tables.ts";

/** A service that is a script of `sh`, with arguments. */
export function script(text: string, ...args: string[]): ServiceTables {
  return { command: "sh", args: ["-c", text, "sh", ...args] };
}

/** A service that does nothing, for a minute. */
export const SLEEPER: ServiceTables = { command: "sleep", args: ["60"] };
