/** Pause between two probes, in milliseconds. */
const PAUSE_MS = 500;

/**
 * Probes a program while a command runs.
 *
 * @param probe Whether the program does its work.
 * @param running The command.
 * @returns The result of the command, and for how long the probe passed without a break, in
 * milliseconds.
 */
export async function probeWhile<T>(
  probe: () => Promise<boolean>,
  running: Promise<T>,
): Promise<{ readonly result: T; readonly answeredMs: number }> {
  let isOver = false;
  let since: number | null = null;
  let answeredMs = 0;
  const result = running.finally(() => isOver = true);
  // It may be rejected while a probe runs; the caller gets the error afterwards.
  result.catch(() => {});
  while (!isOver) {
    const passed = await probe();
    if (isOver) break;
    since = passed ? since ?? performance.now() : null;
    if (since !== null) answeredMs = Math.max(answeredMs, performance.now() - since);
    await Promise.race([result, new Promise((resolve) => setTimeout(resolve, PAUSE_MS))]);
  }
  return { result: await result, answeredMs };
}
