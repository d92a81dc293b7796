/**
 * Does several things at once. The first that fails ends the others; its error is thrown once all of
 * them have ended, so that nothing goes on behind the caller's back.
 *
 * @param tasks What to do; each is given the signal that ends it.
 * @param signal Ends all of them.
 * @returns What they return, in their order.
 * @throws What the first that failed threw.
 */
export async function taskGroup<T>(
  tasks: readonly ((signal: AbortSignal) => Promise<T>)[],
  signal: AbortSignal,
): Promise<readonly T[]> {
  const failed = new AbortController();
  const either = AbortSignal.any([failed.signal, signal]);
  const errors: unknown[] = [];
  const results = await Promise.all(tasks.map(async (task) => {
    try {
      return { value: await task(either) };
    } catch (error) {
      errors.push(error);
      failed.abort(error);
      return null;
    }
  }));
  if (errors.length > 0) throw errors[0];
  return results.map((result) => result!.value);
}
