/**
 * Services for tests, as tables of a `hale.toml`. Their programs need nothing but a POSIX shell and Deno.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import type { ServiceTables } from "../../src/config/schema/tables.ts";

const HTTP_SERVICE = fromFileUrl(new URL("http_service.ts", import.meta.url));

/** A service that is a script of `sh`, with arguments. */
export function script(text: string, ...args: string[]): ServiceTables {
  return { command: "sh", args: ["-c", text, "sh", ...args] };
}

/** A service that answers HTTP requests on a port of loopback with a JSON text. */
export function httpServer(port: number, body?: string): ServiceTables {
  const flags = ["run", "--quiet", "--no-config", "--allow-net"];
  const args = [...flags, HTTP_SERVICE, String(port), ...(body === undefined ? [] : [body])];
  return { command: Deno.execPath(), args };
}

/** A service that does nothing, for a minute. */
export const SLEEPER: ServiceTables = { command: "sleep", args: ["60"] };
