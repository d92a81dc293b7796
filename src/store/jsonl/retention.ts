/**
 * Removing what a log keeps no longer.
 *
 * @module
 */

import type { LogLimits } from "../../model/service_spec.ts";
import { listSegments, type Segment } from "./segments.ts";

/** A segment and what it takes. */
export interface SizedSegment extends Segment {
  readonly bytes: number;
}

/** What decides how long a segment is kept. */
export interface RetentionOptions {
  readonly limits: LogLimits;
  /** Id of the last record that every follower has read. */
  readonly readUpTo: number;
  /** Id of the first record after all segments; null where there is none yet. */
  readonly activeFrom: number | null;
}

/**
 * Removes the oldest segments of a log until the rest is within its limits.
 *
 * @param path The log.
 * @param options What decides; `readUpTo` is asked where something would go.
 * @throws What the system says where it refuses.
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
  // Nearly always there is nothing to remove, and nobody has to be asked.
  if (expiredSegments(segments, { ...limits, readUpTo: Infinity }).length === 0) return;
  const options = { ...limits, readUpTo: await readUpTo() };
  for (const segment of expiredSegments(segments, options)) Deno.removeSync(segment.path);
}

/**
 * Which segments are kept no longer.
 *
 * A segment that somebody still has to read stays, whatever the limits say: a follower is never cut.
 *
 * @param segments All of them, oldest first.
 * @param options What decides.
 * @returns Those to remove, oldest first.
 */
export function expiredSegments<S extends SizedSegment>(
  segments: readonly S[],
  options: RetentionOptions,
): S[] {
  const { limits, readUpTo, activeFrom } = options;
  const expired: S[] = [];
  // The file that is written may grow to the size of a segment.
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
