import { HaleError } from "../errors.ts";

/**
 * Returns the error for unknown names of services.
 *
 * @param unknown The name, or all of them.
 * @param place Where it was searched, such as the path of a `hale.toml`.
 * @param known The existing names.
 * @returns An `unknown_service` error.
 */
export function unknownService(
  unknown: string | readonly string[],
  place: string,
  known: Iterable<string>,
): HaleError {
  const missing = typeof unknown === "string" ? [unknown] : [...new Set(unknown)];
  const quoted = missing.map((name) => JSON.stringify(name));
  const what = quoted.length === 1
    ? `is no service ${quoted[0]}`
    : `are no services ${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)}`;
  const names = [...known];
  return new HaleError(
    "unknown_service",
    `There ${what} in ${place}. ` +
      (names.length === 0 ? "It has no services." : `It has: ${names.join(", ")}.`),
    { fields: { service: missing[0], services: missing, known: names } },
  );
}
