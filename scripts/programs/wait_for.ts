/**
 * Waits for a condition.
 *
 * @param condition Asked until it gives something.
 * @param deadlineMs Longest wait, in milliseconds.
 * @returns What it gave; null if it gave nothing in time.
 */
export async function waitFor<T>(
  condition: () => T | null | Promise<T | null>,
  deadlineMs: number,
): Promise<T | null> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const value = await condition();
    if (value !== null) return value;
    if (performance.now() > end) return null;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
