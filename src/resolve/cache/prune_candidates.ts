/** What the choice is about. */
export interface PruneCandidate {
  /** Those of one kind are counted together: an engine for one machine. */
  readonly kind: string;
  /** When it was used last, in milliseconds since 1970. */
  readonly lastUsed: number;
  /** Whether something runs from it. */
  readonly inUse: boolean;
}

/** Which of them may go. */
export interface PruneRule {
  /** Those that were not used for longer than this, in milliseconds. Null: age says nothing. */
  readonly olderThanMs: number | null;
  /** Those of a kind that are not among so many used last. Null: the count says nothing. */
  readonly keep: number | null;
}

/**
 * Chooses what may be removed: what is too old, and what is one too many. Nothing that is in use.
 *
 * @param candidates All there are.
 * @param rule Which of them may go. One without any says: all.
 * @param now The time, in milliseconds since 1970.
 * @returns Those that may go.
 */
export function pruneCandidates<T extends PruneCandidate>(
  candidates: readonly T[],
  { olderThanMs, keep }: PruneRule,
  now: number,
): readonly T[] {
  const kept = new Map<string, number>();
  const usedLastFirst = candidates.toSorted((a, b) => b.lastUsed - a.lastUsed);
  const goes = new Set(usedLastFirst.filter((candidate) => {
    const count = (kept.get(candidate.kind) ?? 0) + 1;
    kept.set(candidate.kind, count);
    if (candidate.inUse) return false;
    if (olderThanMs === null && keep === null) return true;
    const isOld = olderThanMs !== null && now - candidate.lastUsed > olderThanMs;
    return isOld || (keep !== null && count > keep);
  }));
  return candidates.filter((candidate) => goes.has(candidate));
}
