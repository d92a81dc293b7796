/**
 * Running a command that has only a moment.
 *
 * @module
 */

import { delay } from "@std/async/delay";
import { killGroup } from "./mod.ts";

/** Settings of {@linkcode runBriefly}. */
export interface RunBrieflyOptions {
  readonly cwd?: string | undefined;
  /** The whole environment; that of this program where there is none. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** A command that takes longer is killed, in milliseconds. */
  readonly timeoutMs: number;
  /** Kills it early; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** How a command ended in its time. */
export interface BriefRun {
  readonly success: boolean;
  /** Its exit status, or the name of the signal that ended it. */
  readonly ended: number | string;
  /** The last of what it wrote to standard error. */
  readonly stderr: string;
}

const SHOWN_BYTES = 500;

/** What a command wrote before it ended is in the pipe already: reading it takes no longer. */
const READ_MS = 100;

/**
 * Runs a command and waits for its end, but not longer than it may take.
 *
 * The command gets a group of its own, which is killed when it is over: nothing that it started
 * outlives it, and neither that, nor a signal it ignores, nor a pipe that is held open can stretch it.
 *
 * @param command The program and its arguments.
 * @param options Where, and for how long.
 * @returns How it ended, or null where it did not in time.
 * @throws If it could not be started, or the signal's reason.
 */
export async function runBriefly(
  [program = "", ...args]: readonly string[],
  options: RunBrieflyOptions,
): Promise<BriefRun | null> {
  const { cwd, env, timeoutMs, signal } = options;
  signal?.throwIfAborted();
  const child = new Deno.Command(program, {
    args,
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env: { ...env }, clearEnv: true }),
    detached: true,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const stderr = new PipeTail(child.stderr);
  const over = new AbortController();
  const signals = signal === undefined ? [over.signal] : [over.signal, signal];
  const late = delay(timeoutMs, { signal: AbortSignal.any(signals) }).then(() => null, () => null);
  const status = await Promise.race([child.status, late]);
  over.abort();
  await killGroup(child.pid);
  const text = status === null || status.success ? "" : await stderr.text();
  await stderr.cancel();
  signal?.throwIfAborted();
  if (status === null) return null;
  return { success: status.success, ended: status.signal ?? status.code, stderr: text };
}

/** Reads a pipe to its end and keeps the last of it. */
class PipeTail {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #ended: Promise<void>;
  #tail = new Uint8Array();

  constructor(pipe: ReadableStream<Uint8Array>) {
    this.#reader = pipe.getReader();
    this.#ended = this.#read();
  }

  /** What was written, once the writer is gone or has had its time. */
  async text(): Promise<string> {
    const over = new AbortController();
    await Promise.race([this.#ended, delay(READ_MS, { signal: over.signal }).catch(() => {})]);
    over.abort();
    return new TextDecoder().decode(this.#tail).trim();
  }

  cancel(): Promise<void> {
    return this.#reader.cancel();
  }

  async #read(): Promise<void> {
    for (;;) {
      const { done, value } = await this.#reader.read();
      if (done) return;
      this.#tail = new Uint8Array([...this.#tail, ...value.subarray(-SHOWN_BYTES)])
        .slice(-SHOWN_BYTES);
    }
  }
}
