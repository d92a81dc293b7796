import type { HaleError } from "../../errors.ts";

/**
 * The message of a failure with what the program itself said last.
 *
 * @param error The failure of a service.
 * @returns The message; the last lines of standard error below it, where there are some.
 */
export function renderFailure(error: HaleError): string {
  const { stderr } = error.fields;
  if (!Array.isArray(stderr) || stderr.length === 0) return error.message;
  return [
    error.message,
    "The last lines of its standard error:",
    ...stderr.map((line) => `  ${line}`),
  ].join("\n");
}
