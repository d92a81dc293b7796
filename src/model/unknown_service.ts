import { HaleError } from "../errors.ts";

/**
 * Returns the error for an unknown service name.
 *
 * @param name The name.
 * @param place Where it was searched, such as the path of a `hale.toml`.
 * @param known The existing names.
 * @returns An `unknown_service` error.
 */
export function unknownService(name: string, place: string, known: Iterable<string>): HaleError {
  const names = [...known];
  return new HaleError(
    "unknown_service",
    `There is no service ${JSON.stringify(name)} in ${place}. ` +
      (names.length === 0 ? "It has no services." : `It has: ${names.join(", ")}.`),
    { fields: { service: name, known: names } },
  );
}
