/** An artifact that may be pruned. */
export interface PruneCandidate {
  /** Candidates of the same kind (one engine for one target) are counted together. */
  readonly kind: string;
  /** Time of the last use, in milliseconds since 1970. */
  readonly lastUsed: number;
  /** Whether a process runs from it. */
  readonly inUse: boolean;
}

/** What to prune. If both limits are null, everything that is not in use is pruned. */
export interface PruneRule {
  /** Prune what was not used for longer than this, in milliseconds. Null: no limit. */
  readonly olderThanMs: number | null;
  /** Number of most recently used artifacts of each kind to keep. Null: no limit. */
  readonly keep: number | null;
}

/**
 * Selects the artifacts to prune: the ones above a limit, never one that is in use.
 *
 * @param candidates All artifacts.
 * @param rule The limits.
 * @param now The time, in milliseconds since 1970.
 * @returns The artifacts to prune, in the order of `candidates`.
 */
export function pruneCandidates<T extends PruneCandidate>(
  candidates: readonly T[],
  { olderThanMs, keep }: PruneRule,
  now: number,
): readonly T[] {
  const counts = new Map<string, number>();
  const usedLastFirst = candidates.toSorted((a, b) => b.lastUsed - a.lastUsed);
  const pruned = new Set(usedLastFirst.filter((candidate) => {
    const count = (counts.get(candidate.kind) ?? 0) + 1;
    counts.set(candidate.kind, count);
    if (candidate.inUse) return false;
    if (olderThanMs === null && keep === null) return true;
    const isOld = olderThanMs !== null && now - candidate.lastUsed > olderThanMs;
    return isOld || (keep !== null && count > keep);
  }));
  return candidates.filter((candidate) => pruned.has(candidate));
}
