/**
 * Waits for a condition.
 *
 * @param condition Asked until it holds.
 * @param deadlineMs Longest wait, in milliseconds.
 * @throws If the condition does not hold in time.
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  deadlineMs = 10_000,
): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!await condition()) {
    if (performance.now() > end) throw new Error(`not within ${deadlineMs} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
