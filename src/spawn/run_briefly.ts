/**
 * Runs a command with a time limit.
 *
 * @module
 */

import { delay } from "@std/async/delay";
import { anyHasInEnvironment, groupExists, reusesPidsLast } from "../platform/mod.ts";
import { AFTER_KILL_MS, endLeftovers } from "./end_leftovers.ts";
import { identify } from "./identify.ts";
import { LaunchTrace } from "./launch_trace.ts";
import { killChildGroup, type OwnChild } from "./signals.ts";

/** Settings of {@linkcode runBriefly}. */
export interface RunBrieflyOptions {
  readonly cwd?: string | undefined;
  /** The whole environment. @default the environment of this process */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** After this long the command is killed, in milliseconds. */
  readonly timeoutMs: number;
  /** Kills the command; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Whether its standard output is wanted. @default false */
  readonly keepStdout?: boolean;
}

/** Result of a command that exited in time. */
export interface BriefRun {
  readonly success: boolean;
  /** The exit status, or the name of the signal that killed it. */
  readonly status: number | string;
  /** The end of its standard output, if it is wanted. */
  readonly stdout: string;
  /** The end of its standard error. */
  readonly stderr: string;
}

const SHOWN_BYTES = 500;

/** Environment variable that holds the id of a run, by which its processes are found, as a launch's are. */
const RUN_ID_VARIABLE = "HALE_LAUNCH";

/** Time to read the rest of standard error. After the exit, all output is already in the pipe. */
const READ_MS = 100;

/**
 * Runs a command and waits for its exit or the time limit.
 *
 * What the command has started is killed when it returns, also what left its process group: each process
 * with proof, as those of a launch. Children, ignored signals and pipes that are held open cannot extend
 * the time limit.
 *
 * @param command The program and its arguments.
 * @param options Working folder, environment and time limit.
 * @returns The result, or null if the command did not exit in time.
 * @throws If the command could not be started.
 * @throws The signal's reason, if the signal aborts the run.
 */
export async function runBriefly(
  [program = "", ...args]: readonly string[],
  options: RunBrieflyOptions,
): Promise<BriefRun | null> {
  const { cwd, env, timeoutMs, signal, keepStdout = false } = options;
  signal?.throwIfAborted();
  const mark = { [RUN_ID_VARIABLE]: crypto.randomUUID() };
  const child = new Deno.Command(program, {
    args,
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? { env: mark } : { env: { ...env, ...mark }, clearEnv: true }),
    detached: true,
    stdin: "null",
    stdout: keepStdout ? "piped" : "null",
    stderr: "piped",
  }).spawn();
  const stdout = keepStdout ? new PipeTail(child.stdout) : null;
  const stderr = new PipeTail(child.stderr);
  const own = { pid: child.pid, isReaped: false };
  child.status.then(() => own.isReaped = true);
  const exited = new AbortController();
  const signals = signal === undefined ? [exited.signal] : [exited.signal, signal];
  const timeout = delay(timeoutMs, { signal: AbortSignal.any(signals) })
    .then(() => null, () => null);
  const status = await Promise.race([child.status, timeout]);
  exited.abort();
  // A process table that cannot be read (too many open files) changes nothing about the result.
  await endRun(own, mark[RUN_ID_VARIABLE]).catch(() => {});
  const told = status === null ? "" : await stdout?.text() ?? "";
  const text = status === null || status.success ? "" : await stderr.text();
  await Promise.all([stdout?.cancel(), stderr.cancel()]);
  signal?.throwIfAborted();
  if (status === null) return null;
  const { success } = status;
  return { success, status: status.signal ?? status.code, stdout: told, stderr: text };
}

/** Kills a run and what it has started. What cannot be killed is left. */
async function endRun(child: OwnChild, id: string): Promise<void> {
  try {
    // An id without a start time is no proof of the process, but of its session: that is not given to
    // another program while a proven process is in it.
    const unknown = { pid: child.pid, start_time: "", boot_id: "" };
    const trace = new LaunchTrace(id, { pidFile: "", leader: unknown });
    if (!child.isReaped) {
      const identity = await identify(child.pid);
      if (!child.isReaped && identity !== null) trace.leader = identity;
      // Its children are known from now on, also if they have no mark.
      await trace.find();
      await killChildGroup(child);
    } else if (
      !await groupExists(child.pid) && !await anyHasInEnvironment(`${RUN_ID_VARIABLE}=${id}`)
    ) {
      return;
    }
    await endLeftovers(trace, { signal: "SIGKILL", graceMs: AFTER_KILL_MS });
  } finally {
    // macOS hides the environment of its own programs, so that the mark does not prove all of them. It does
    // not give a pid again that was free a moment ago: the group is still that of the run.
    await killChildGroup({ pid: child.pid, isReaped: child.isReaped && !reusesPidsLast });
  }
}

/** Reads a pipe to its end and keeps the last bytes. */
class PipeTail {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #ended: Promise<void>;
  #tail = new Uint8Array();

  constructor(pipe: ReadableStream<Uint8Array>) {
    this.#reader = pipe.getReader();
    this.#ended = this.#read();
  }

  /** Returns the last bytes, when the pipe is closed or after {@linkcode READ_MS}. */
  async text(): Promise<string> {
    const closed = new AbortController();
    await Promise.race([this.#ended, delay(READ_MS, { signal: closed.signal }).catch(() => {})]);
    closed.abort();
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
