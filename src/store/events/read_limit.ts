import { HaleError } from "../../errors.ts";

/** Highest number of records that one read returns. */
export const MAX_READ_LIMIT = 10_000;

/**
 * Checks the limit of a read.
 *
 * @param limit The requested number of records.
 * @throws {HaleError} `limit_too_large` If it is above {@linkcode MAX_READ_LIMIT}, `usage` if it is
 * not a whole number from 0.
 */
export function checkReadLimit(limit: number): void {
  checkCount("limit", limit);
  if (limit <= MAX_READ_LIMIT) return;
  throw new HaleError(
    "limit_too_large",
    `The limit ${limit} is above ${MAX_READ_LIMIT}, the highest for one read. Read in several parts.`,
    { fields: { requested: limit, max: MAX_READ_LIMIT } },
  );
}

/**
 * Checks a count.
 *
 * @param name Name of the count, for the error message.
 * @param value The value.
 * @throws {HaleError} `usage` If it is not a whole number from 0.
 */
export function checkCount(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw new HaleError("usage", `The ${name} must be a whole number from 0, not ${value}.`, {
    fields: { [name]: value },
  });
}
