import type { HaleError, HaleErrorCode } from "../../errors.ts";

/**
 * Renders the failure of a service with the last lines that it wrote to standard error.
 *
 * @param error The failure.
 * @returns The message, the lines if there are any, and commands that show more.
 */
export function renderFailure(error: HaleError): string {
  const { service, stderr } = error.fields;
  const lines = [error.message];
  if (Array.isArray(stderr) && stderr.length > 0) {
    lines.push("Last lines of its standard error:", ...stderr.map((line) => `  ${line}`));
  }
  if (EXITED.has(error.code) && typeof service === "string") {
    lines.push(`See \`hale logs ${service}\` and \`hale history ${service}\`.`);
  }
  return lines.join("\n");
}

/** Failures whose cause is most likely in the logs of the service. */
const EXITED: ReadonlySet<HaleErrorCode> = new Set([
  "service_exited",
  "daemonized",
  "restarts_exhausted",
]);
