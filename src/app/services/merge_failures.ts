import { HaleError, type HaleErrorCode } from "../../errors.ts";

/**
 * What is found out without a network, for all services at once. The failure of one aborts the
 * downloads of the others, and such an error says nothing about them.
 */
const LOCAL: ReadonlySet<HaleErrorCode> = new Set([
  "binary_not_found",
  "config_invalid",
  "not_managed",
  "port_occupied",
]);

/**
 * Makes one error of those that occurred while services were prepared, so that all can be
 * corrected at once.
 *
 * @param errors The errors, the first one first.
 * @param services The services, in the order of the file.
 * @returns The first one if it is the only one of its own. Otherwise an error with the message of each,
 * and with all of them in `fields.failures`.
 */
export function mergeFailures(errors: readonly unknown[], services: readonly string[]): unknown {
  const [first] = errors;
  const isLocal = (error: unknown): error is HaleError =>
    error instanceof HaleError && LOCAL.has(error.code);
  if (!isLocal(first)) return first;
  const place = ({ fields }: HaleError) => services.indexOf(String(fields.service));
  const failures = [...new Set(errors.filter(isLocal))].sort((a, b) => place(a) - place(b));
  if (failures.length === 1) return first;
  return new HaleError(first.code, failures.map(({ message }) => message).join("\n"), {
    fields: { ...first.fields, failures: failures.map((failure) => failure.toJSON()) },
  });
}
