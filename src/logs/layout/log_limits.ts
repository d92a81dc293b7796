import type { LogsSpec } from "../../model/service_spec.ts";

/** How much is kept of a log. */
export type LogLimits = Pick<LogsSpec, "max_size_bytes" | "keep">;

/**
 * How much all rotated files of a log may hold.
 *
 * @param limits How much is kept.
 * @returns Bytes: what as many files hold that are full, and a quarter of one more. A log is not
 * looked at in the very moment in which it is full, so each is a little larger than it should be.
 */
export function mostRotatedBytes({ max_size_bytes, keep }: LogLimits): number {
  return keep === 0 ? 0 : keep * max_size_bytes + Math.floor(max_size_bytes / 4);
}
