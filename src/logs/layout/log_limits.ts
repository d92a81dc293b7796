import type { LogsSpec } from "../../model/service_spec.ts";

/** Retention of a log. */
export type LogLimits = Pick<LogsSpec, "max_size_bytes" | "keep">;

/**
 * Returns the highest total size of all rotated files of a log.
 *
 * @param limits Retention of the log.
 * @returns Bytes: `keep` full files and a quarter of one more. The extra quarter is needed because
 * a log is polled, so that each file exceeds `max_size_bytes` a little.
 */
export function mostRotatedBytes({ max_size_bytes, keep }: LogLimits): number {
  return keep === 0 ? 0 : keep * max_size_bytes + Math.floor(max_size_bytes / 4);
}
