import type { HaleError, HaleErrorCode } from "../../errors.ts";

/**
 * The message of a failure with what the program itself said last, and where there is more of it.
 *
 * @param error The failure of a service.
 * @returns The message; the last lines of standard error below it, where there are some.
 */
export function renderFailure(error: HaleError): string {
  const { service, stderr } = error.fields;
  const lines = [error.message];
  if (Array.isArray(stderr) && stderr.length > 0) {
    lines.push("The last lines of its standard error:", ...stderr.map((line) => `  ${line}`));
  }
  if (ENDED.has(error.code) && typeof service === "string") {
    lines.push(`See \`hale logs ${service}\` and \`hale history ${service}\`.`);
  }
  return lines.join("\n");
}

/** A program that ended knows best why. */
const ENDED: ReadonlySet<HaleErrorCode> = new Set(["service_exited", "restarts_exhausted"]);
