import { delay } from "@std/async/delay";

/** The system answers within milliseconds, a loaded machine within seconds. */
const TIMEOUT_MS = 20_000;

/** Settings of {@linkcode toolOutput}. */
export interface ToolOptions {
  /** Its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether it has no other variable. @default false */
  readonly clearEnv?: boolean;
  /** How long to wait, in milliseconds. @default 20,000 */
  readonly timeoutMs?: number;
}

/** What a tool printed, and whether it succeeded. */
export interface ToolOutput {
  readonly success: boolean;
  readonly stdout: Uint8Array;
}

/**
 * Runs a tool of the system, such as `ps`, and waits for its output for a limited time: one that reads a
 * process in the kernel's hands may wait as long as that process does.
 *
 * @param program The tool.
 * @param args Its arguments.
 * @param options Its environment and the time limit.
 * @returns Its standard output.
 * @throws If it cannot be run, or does not end in time. Then it is asked to end, and not waited for.
 */
export async function toolOutput(
  program: string,
  args: readonly string[],
  { env, clearEnv = false, timeoutMs = TIMEOUT_MS }: ToolOptions,
): Promise<ToolOutput> {
  const late = new AbortController();
  const ended = new AbortController();
  const output = new Deno.Command(program, {
    args: [...args],
    env: { ...env },
    clearEnv,
    stdin: "null",
    stderr: "null",
    signal: late.signal,
  }).output();
  const timeout = delay(timeoutMs, { signal: ended.signal }).then(() => null, () => null);
  try {
    const result = await Promise.race([output, timeout]);
    if (result !== null) return result;
    output.catch(() => {});
    late.abort();
    throw new Error(`${program} did not end within ${timeoutMs / 1000}s`);
  } finally {
    ended.abort();
  }
}
