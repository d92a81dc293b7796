import type { Exit } from "../../model/service_state.ts";
import { formatSize } from "../../text/format_size.ts";

/** Signals with which programs end when an allocation fails, or when the system ends them. */
const SIGNALS: ReadonlySet<string> = new Set([
  "SIGABRT",
  "SIGBUS",
  "SIGILL",
  "SIGKILL",
  "SIGSEGV",
  "SIGTRAP",
]);

/** What runtimes write: V8, CPython, the JVM, Go, glibc and C++. */
const OUT_OF_MEMORY =
  /out of memory|outofmemory|memoryerror|cannot allocate memory|bad_alloc|failed to (?:allocate|reserve)|allocation failed/i;

/**
 * Returns a hint for a launch that may have ended at its limit of memory.
 *
 * @param limitBytes The limit; null if there is none.
 * @param exit The exit of the launch.
 * @param stderr Its last lines of standard error.
 * @returns The continuation of a sentence; empty if nothing points at memory.
 */
export function memoryHint(
  limitBytes: number | null,
  exit: Exit,
  stderr: readonly string[],
): string {
  if (limitBytes === null || exit.exit_code === 0) return "";
  // A shell reports the signal of its last command as 128 + n: 4, 5, 6, 7, 9 and 11.
  const code = exit.exit_code ?? 0;
  const bySignal = exit.signal !== null
    ? SIGNALS.has(exit.signal)
    : [132, 133, 134, 135, 137, 139].includes(code);
  if (!bySignal && !stderr.some((line) => OUT_OF_MEMORY.test(line))) return "";
  return `; it may have reached limits.memory = ${formatSize(limitBytes)}`;
}
