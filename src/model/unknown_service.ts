import { HaleError } from "../errors.ts";

/**
 * The error for a name that no service has.
 *
 * @param name The name.
 * @param place Where it was looked for, such as the path of a `hale.toml`.
 * @param known The names there are.
 * @returns `unknown_service`.
 */
export function unknownService(name: string, place: string, known: Iterable<string>): HaleError {
  const names = [...known];
  return new HaleError(
    "unknown_service",
    `There is no service ${JSON.stringify(name)} in ${place}. ` +
      `It has: ${names.join(", ") || "none"}.`,
    { fields: { service: name, known: names } },
  );
}
