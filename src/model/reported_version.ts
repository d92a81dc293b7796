import type { HealthCheck } from "./health_spec.ts";

/** A version has no spaces. It is shown on terminals, so control characters are not accepted. */
const VERSION = /^[!-~]{1,100}$/;

/**
 * Returns the version that a program reports in its health answer: the field `version`. Only the answer
 * of an identified program counts. In that of any other, the word may mean something else, such as the
 * version of its API.
 *
 * @param check The check.
 * @param body Fields of the answer.
 * @returns The version; null if it reports none.
 */
export function reportedVersion(
  check: HealthCheck,
  { version }: Readonly<Record<string, unknown>>,
): string | null {
  if (check.kind !== "http" || Object.keys(check.identify).length === 0) return null;
  return typeof version === "string" && VERSION.test(version) ? version : null;
}
