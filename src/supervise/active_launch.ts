/**
 * A launch that runs, whether this supervisor started it or adopted it.
 *
 * @module
 */

import { join } from "../platform/path.ts";
import type { HaleError } from "../errors.ts";
import type { PollOutcome } from "../health/poll_health.ts";
import type { ProbeLaunch } from "../health/probe.ts";
import type { HealthSpec, ServiceSpec, StopSpec } from "../model/service_spec.ts";
import type { Exit, LaunchRecord, ProcessIdentity } from "../model/service_state.ts";
import type { Survivor } from "../spawn/stop_group.ts";
import type { Effects, ServicePaths } from "./effects.ts";

/** How a launch came to its end. */
export interface LaunchEnd {
  readonly exit: Exit;
  /** Descendants that had left the group and still run. */
  readonly strays: readonly Survivor[];
}

/** What both kinds of launch need. */
export interface LaunchContext {
  readonly spec: ServiceSpec;
  readonly paths: ServicePaths;
  readonly env: Readonly<Record<string, string>>;
  readonly effects: Effects;
}

/** Nobody of ours was there to see it. */
const UNKNOWN_EXIT: Exit = { exit_code: null, signal: null };

/** How long leftovers of a launch that ended by itself get before they are killed. */
const LEFTOVERS_MS = 5_000;

/** One launch. Dropping it does not stop the process. */
export class ActiveLaunch {
  readonly pid: number;
  /** Monotonic milliseconds. Of an adopted launch: by the wall clock, which may have jumped. */
  readonly startedAt: number;
  /** Settles with the record once it names the process. */
  readonly identified: Promise<LaunchRecord>;
  /** Settles when the process has ended and nobody of its group is left. */
  readonly ended: Promise<LaunchEnd>;
  /** Why it is being ended by us, where it is for a failure. */
  verdict: HaleError | null = null;
  #record: LaunchRecord;
  readonly #context: LaunchContext;
  readonly #leaderExit = Promise.withResolvers<Exit>();
  readonly #own: boolean;
  readonly #released = new AbortController();
  #ending: Promise<readonly Survivor[]> | null = null;

  private constructor(
    record: LaunchRecord,
    context: LaunchContext,
    process: {
      pid: number;
      own: boolean;
      exited: (released: AbortSignal) => Promise<Exit>;
      identity: Promise<ProcessIdentity | null>;
    },
  ) {
    this.#record = record;
    this.#context = context;
    this.#own = process.own;
    this.pid = process.pid;
    const ranMs = process.own ? 0 : Math.max(0, Date.now() - Date.parse(record.at));
    this.startedAt = context.effects.now() - ranMs;
    process.exited(this.#released.signal).then(this.#leaderExit.resolve);
    this.identified = process.identity.then((identity) => {
      this.#record = { ...this.#record, identity };
      return this.#record;
    });
    this.ended = this.#leaderExit.promise.then((exit) => this.#clear(exit));
  }

  /**
   * Starts a launch.
   *
   * @param context The service.
   * @param options What to run; `intend` puts the intent on record before there is a process.
   * @returns The launch.
   * @throws {HaleError} `spawn_failed` If there is no process.
   */
  static start(
    context: LaunchContext,
    options: {
      binary: string;
      configDigest: string;
      intend: (record: LaunchRecord) => void;
    },
  ): ActiveLaunch {
    const { effects, paths, spec } = context;
    const record: LaunchRecord = {
      id: newLaunchId(),
      at: new Date().toISOString(),
      identity: null,
      binary: options.binary,
      config_digest: options.configDigest,
      stdout_offset: sizeOf(paths.stdout),
      stderr_offset: sizeOf(paths.stderr),
    };
    options.intend(record);
    const launch = effects.launch({
      program: options.binary,
      args: spec.args,
      cwd: spec.cwd,
      env: { ...context.env, HALE_SERVICE: spec.name, HALE_LAUNCH: record.id },
      stdoutPath: paths.stdout,
      stderrPath: paths.stderr,
      pidPath: pidPath(paths, record),
      memoryBytes: spec.limits.memory_bytes,
      openFiles: spec.limits.open_files,
    });
    return new ActiveLaunch(record, context, {
      pid: launch.pid,
      own: true,
      exited: () => launch.exited,
      identity: launch.identity,
    });
  }

  /**
   * Takes over a launch of another supervisor. How it ends stays unknown.
   *
   * @param context The service.
   * @param record The launch.
   * @param identity Its process, proven to be running.
   * @returns The launch.
   */
  static adopt(
    context: LaunchContext,
    record: LaunchRecord,
    identity: ProcessIdentity,
  ): ActiveLaunch {
    return new ActiveLaunch({ ...record, identity }, context, {
      pid: identity.pid,
      own: false,
      exited: async (released) => {
        await context.effects.adoptedEnd(identity, released);
        return UNKNOWN_EXIT;
      },
      identity: Promise.resolve(identity),
    });
  }

  get record(): LaunchRecord {
    return this.#record;
  }

  /** How long it has run, in milliseconds. */
  get ranMs(): number {
    return this.#context.effects.now() - this.startedAt;
  }

  /** Where checks of kind `exec` and `log` look. */
  get probeLaunch(): ProbeLaunch {
    const { spec, env, paths } = this.#context;
    return {
      cwd: spec.cwd,
      env,
      stdoutPath: paths.stdout,
      stderrPath: paths.stderr,
      stdoutOffset: this.#record.stdout_offset,
      stderrOffset: this.#record.stderr_offset,
    };
  }

  /**
   * Waits for the launch to become healthy.
   *
   * @param health What to check.
   * @returns How it went; null where the launch ended first.
   */
  async pollHealth(health: HealthSpec): Promise<PollOutcome | null> {
    try {
      return await this.#context.effects.pollHealth(health, {
        signal: this.#released.signal,
        launch: this.probeLaunch,
      });
    } catch (error) {
      if (this.#released.signal.aborted) return null;
      throw error;
    }
  }

  /**
   * Asks the launch to end. {@linkcode ActiveLaunch.ended} tells when it has. Asking again changes
   * nothing.
   *
   * @param stop How to ask.
   * @param onStuck Told who is left when not even a kill ends it.
   */
  end(stop: StopSpec, onStuck: (left: readonly Survivor[]) => void): void {
    if (this.#ending !== null) return;
    this.#ending = this.#endGroup(stop, onStuck);
    // An empty group has no leader: no need to wait until the next look at adopted processes.
    if (!this.#own) this.#ending.then(() => this.#leaderExit.resolve(UNKNOWN_EXIT));
  }

  /** Ends every wait and watch of this launch; the process is not touched. */
  release(): void {
    this.#released.abort();
  }

  /** Removes what only a running launch needs. */
  forget(): void {
    try {
      Deno.removeSync(pidPath(this.#context.paths, this.#record));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  async #endGroup(
    stop: StopSpec,
    onStuck: (left: readonly Survivor[]) => void,
  ): Promise<readonly Survivor[]> {
    const { identity } = await this.identified;
    // No word from the launcher: it ended before it ran anything.
    if (identity === null) return [];
    let strays: readonly Survivor[] = [];
    for (let timeoutMs = stop.timeout_ms, told = false;; timeoutMs = LEFTOVERS_MS) {
      const outcome = await this.#context.effects.stopGroup(identity, {
        signal: stop.signal,
        timeoutMs,
        ...(this.#own && !told ? { exited: this.#leaderExit.promise } : {}),
      });
      strays = [...strays, ...outcome.strays];
      if (outcome.left.length === 0) return strays;
      if (!told) onStuck(outcome.left);
      told = true;
    }
  }

  /** After the leader's end: the rest of its group ends too, or the launch is not over. */
  async #clear(exit: Exit): Promise<LaunchEnd> {
    const { effects, spec } = this.#context;
    if (this.#ending === null) {
      const { signal } = spec.stop;
      // Nearly always nobody is left, and one system call tells.
      if (this.#own && !effects.signalLeftovers(this.pid, signal)) return { exit, strays: [] };
      this.#ending = this.#endGroup({ signal, timeout_ms: LEFTOVERS_MS }, () => {});
    }
    return { exit, strays: await this.#ending };
  }
}

/**
 * Where the launcher of a launch writes its pid.
 *
 * @param paths The service's files.
 * @param record The launch.
 * @returns The path.
 */
export function pidPath(paths: ServicePaths, record: LaunchRecord): string {
  return join(paths.launches, `${record.id}.pid`);
}

/** Sorts by time and never repeats, not even between supervisors. */
function newLaunchId(): string {
  return Date.now().toString(36) + "-" + crypto.randomUUID().slice(0, 8);
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}
