/**
 * Services for tests, as tables of a `hale.toml`. They need only a POSIX shell.
 *
 * @module
 */

import type { ServiceTables } from "../../src/config/schema/tables.ts";

/** Returns a service that runs an `sh` script with arguments. */
export function script(text: string, ...args: string[]): ServiceTables {
  return { command: "sh", args: ["-c", text, "sh", ...args] };
}

/** A service that sleeps for a minute. */
export const SLEEPER: ServiceTables = { command: "sleep", args: ["60"] };
