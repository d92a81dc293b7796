/**
 * Runs tasks concurrently. The first failure aborts the others. Its error is thrown after all tasks
 * have settled, so no task outlives the call.
 *
 * @param tasks The tasks. Each receives a signal that aborts it.
 * @param signal Aborts all tasks.
 * @param options `merge`: makes one error of several (default: the first that occurred).
 * @returns The results, in the order of the tasks.
 * @throws The error of the first task that failed, or what `merge` makes of all.
 */
export async function taskGroup<T>(
  tasks: readonly ((signal: AbortSignal) => Promise<T>)[],
  signal: AbortSignal,
  options: { readonly merge?: (errors: readonly unknown[]) => unknown } = {},
): Promise<readonly T[]> {
  const failed = new AbortController();
  const anySignal = AbortSignal.any([failed.signal, signal]);
  const errors: unknown[] = [];
  const results = await Promise.all(tasks.map(async (task) => {
    try {
      return { value: await task(anySignal) };
    } catch (error) {
      errors.push(error);
      failed.abort(error);
      return null;
    }
  }));
  if (errors.length > 0) throw options.merge?.(errors) ?? errors[0];
  return results.map((result) => result!.value);
}
