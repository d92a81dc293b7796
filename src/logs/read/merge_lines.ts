/**
 * Merges sequences that are sorted by time.
 *
 * @param sequences The sequences. If times are equal, the earlier sequence comes first.
 * @returns All items, sorted by time.
 */
export function* mergeLines<T extends { readonly at: number }>(
  sequences: readonly Iterator<T>[],
): Generator<T> {
  const heads = sequences.map((sequence) => ({ sequence, head: sequence.next() }));
  for (;;) {
    let first = null;
    for (const each of heads) {
      if (each.head.done) continue;
      if (first === null || each.head.value.at < first.at) {
        first = { each, at: each.head.value.at, value: each.head.value };
      }
    }
    if (first === null) return;
    yield first.value;
    first.each.head = first.each.sequence.next();
  }
}
