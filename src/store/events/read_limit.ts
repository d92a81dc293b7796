import { HaleError } from "../../errors.ts";

/** The most that one read returns. */
export const MAX_READ_LIMIT = 10_000;

/**
 * Refuses what is no limit of a read.
 *
 * @param limit What was asked for.
 * @throws {HaleError} `limit_too_large` If it is above {@linkcode MAX_READ_LIMIT}, `usage` if it is no
 * count.
 */
export function checkReadLimit(limit: number): void {
  checkCount("limit", limit);
  if (limit <= MAX_READ_LIMIT) return;
  throw new HaleError(
    "limit_too_large",
    `The limit ${limit} is above ${MAX_READ_LIMIT}, the most that one read returns. Read in parts.`,
    { fields: { requested: limit, max: MAX_READ_LIMIT } },
  );
}

/**
 * Refuses what is no count.
 *
 * @param name What it counts.
 * @param value What was given.
 * @throws {HaleError} `usage` If it is not a whole number from 0.
 */
export function checkCount(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw new HaleError("usage", `The ${name} ${value} is not a count. Give a whole number from 0.`, {
    fields: { [name]: value },
  });
}
