/**
 * Retention: removes the oldest segments of a log.
 *
 * @module
 */

import type { LogLimits } from "../../model/service_spec.ts";
import { listSegments, type Segment } from "./segments.ts";

/** A segment and its size. */
export interface SizedSegment extends Segment {
  readonly bytes: number;
}

/** Conditions for the removal of segments. */
export interface RetentionOptions {
  readonly limits: LogLimits;
  /** Id of the last record that all followers have read. */
  readonly readUpTo: number;
  /** Id of the first record of the active file; null if it is empty. */
  readonly activeFrom: number | null;
}

/**
 * Removes the oldest segments of a log until the rest is within its limits.
 *
 * @param path The log.
 * @param options The conditions. `readUpTo` is called only if a segment is above the limits.
 * @throws The system's error, if a file cannot be examined or removed.
 */
export async function applyRetention(
  path: string,
  { readUpTo, ...limits }: Omit<RetentionOptions, "readUpTo"> & {
    readonly readUpTo: () => Promise<number>;
  },
): Promise<void> {
  const segments = listSegments(path).map((segment) => ({
    ...segment,
    bytes: Deno.statSync(segment.path).size,
  }));
  // Usually there is nothing to remove, so the followers are not listed.
  if (expiredSegments(segments, { ...limits, readUpTo: Infinity }).length === 0) return;
  const options = { ...limits, readUpTo: await readUpTo() };
  for (const segment of expiredSegments(segments, options)) Deno.removeSync(segment.path);
}

/**
 * Selects the segments to remove.
 *
 * A segment that a follower has not read is kept, even above the limits.
 *
 * @param segments All segments, oldest first.
 * @param options The conditions.
 * @returns The segments to remove, oldest first.
 */
export function expiredSegments<S extends SizedSegment>(
  segments: readonly S[],
  options: RetentionOptions,
): S[] {
  const { limits, readUpTo, activeFrom } = options;
  const expired: S[] = [];
  // The active file may grow to the size of a segment.
  let total = limits.segment_bytes;
  for (const { bytes } of segments) total += bytes;
  for (const [index, segment] of segments.entries()) {
    const lastId = (segments[index + 1]?.firstId ?? activeFrom ?? Infinity) - 1;
    if (total <= limits.max_bytes || lastId > readUpTo) break;
    expired.push(segment);
    total -= segment.bytes;
  }
  return expired;
}
