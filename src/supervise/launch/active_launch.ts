/**
 * A launch that runs, whether this supervisor started it or adopted it.
 *
 * @module
 */

import type { HaleError } from "../../errors.ts";
import type { PollOutcome } from "../../health/poll.ts";
import type { ProbeLaunch } from "../../health/types.ts";
import type { HealthSpec, ServiceSpec, StopSpec } from "../../model/service_spec.ts";
import {
  type Exit,
  type LaunchRecord,
  type ProcessIdentity,
  UNKNOWN_EXIT,
} from "../../model/service_state.ts";
import type { Survivor } from "../../spawn/stop_group.ts";
import type { Effects, ServicePaths } from "../effects.ts";
import { LEFTOVERS_MS, stopWithRetry } from "./stop_with_retry.ts";
import { newLaunchId, pidPath } from "./launch_files.ts";
import { launchVariables } from "./launch_variables.ts";

/** How a launch came to its end. */
export interface LaunchEnd {
  readonly exit: Exit;
  /** Descendants that had left the group and still run. */
  readonly escaped: readonly Survivor[];
}

/** A launch that is over, as far as a judgement needs it. */
export interface EndedLaunch {
  readonly record: LaunchRecord;
  readonly wasReady: boolean;
  /** Null where nobody of ours saw the end. */
  readonly ranMs: number | null;
  /** Why hale ended it, where it did for a failure. */
  readonly giveUpReason: HaleError | null;
}

/** What both kinds of launch need. */
export interface LaunchContext {
  readonly spec: ServiceSpec;
  readonly paths: ServicePaths;
  readonly env: Readonly<Record<string, string>>;
  readonly effects: Effects;
  /** Told when the launch did not end in time and its group was killed. */
  readonly onKilled: (launch: ActiveLaunch) => void;
  /** Told what went wrong where supervision goes on without it. */
  readonly onProblem: (error: unknown) => void;
}

/** One launch. Dropping it does not stop the process. */
export class ActiveLaunch {
  readonly pid: number;
  /** Monotonic milliseconds. Of an adopted launch: by the wall clock, which may have jumped. */
  readonly startedAt: number;
  /** Settles with the record once it names the process. */
  readonly identified: Promise<LaunchRecord>;
  /** Settles when the process has ended and nobody of its group is left. */
  readonly ended: Promise<LaunchEnd>;
  /** Whether it was up: healthy, or without a health check and running. */
  wasReady = false;
  /** Why it is being ended by us, where it is for a failure. */
  giveUpReason: HaleError | null = null;
  #record: LaunchRecord;
  readonly #context: LaunchContext;
  readonly #leaderExit = Promise.withResolvers<Exit>();
  readonly #own: boolean;
  readonly #released = new AbortController();
  /** Aborted too when the process has ended: what answers then is not this launch. */
  readonly #over = new AbortController();
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
    this.ended = this.#leaderExit.promise.then((exit) => {
      this.#over.abort();
      return this.#clear(exit);
    });
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
      recordIntent: (record: LaunchRecord) => void;
    },
  ): ActiveLaunch {
    const { effects, paths, spec } = context;
    const written = effects.prepareLogs(paths, spec.logs);
    const record: LaunchRecord = {
      id: newLaunchId(),
      at: new Date().toISOString(),
      identity: null,
      binary: options.binary,
      config_digest: options.configDigest,
      stdout_offset: written.stdout,
      stderr_offset: written.stderr,
    };
    options.recordIntent(record);
    Deno.mkdirSync(spec.data_dir, { recursive: true, mode: 0o700 });
    const launch = effects.launch({
      program: options.binary,
      args: spec.args,
      cwd: spec.cwd,
      env: { ...context.env, ...launchVariables(spec, record, paths) },
      stdoutPath: paths.stdout,
      stderrPath: paths.stderr,
      pidPath: pidPath(paths, record),
      memoryBytes: spec.limits.memory_bytes,
      openFiles: spec.limits.open_files,
      umask: spec.limits.umask,
      nice: spec.limits.nice,
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

  /** Whether its process has ended, and only others of its group may be left. */
  get isOver(): boolean {
    return this.#over.signal.aborted;
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
    const { effects, spec, env, paths } = this.#context;
    return {
      cwd: spec.cwd,
      env,
      stdoutPath: paths.stdout,
      stderrPath: paths.stderr,
      stdoutOffset: effects.offsetInLog(paths.stdout, this.#record.stdout_offset),
      stderrOffset: effects.offsetInLog(paths.stderr, this.#record.stderr_offset),
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
        signal: this.#over.signal,
        launch: this.probeLaunch,
      });
    } catch (error) {
      if (this.#over.signal.aborted) return null;
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

  /** Ends every wait and watch of this launch, a stop too; the process is not touched any more. */
  release(): void {
    this.#released.abort();
    this.#over.abort();
  }

  async #endGroup(
    stop: StopSpec,
    onStuck: (left: readonly Survivor[]) => void,
  ): Promise<readonly Survivor[]> {
    const { identity } = await this.identified;
    // No word from the launcher: it ended before it ran anything.
    if (identity === null) return [];
    const { effects, spec, env, onKilled, onProblem } = this.#context;
    return await stopWithRetry(identity, stop, {
      effects,
      cwd: spec.cwd,
      env,
      exited: this.#own ? this.#leaderExit.promise : null,
      released: this.#released.signal,
      onKilled: () => onKilled(this),
      onStuck,
      onProblem,
    });
  }

  /** After the leader's end: the rest of its group ends too, or the launch is not over. */
  async #clear(exit: Exit): Promise<LaunchEnd> {
    const { effects, spec } = this.#context;
    // Somebody else looks after it then.
    if (this.#released.signal.aborted) return await new Promise(() => {});
    if (this.#ending === null) {
      const { signal } = spec.stop;
      // Nearly always nobody is left, and one system call tells.
      if (this.#own && !effects.signalLeftovers(this.pid, signal)) return { exit, escaped: [] };
      const leftovers: StopSpec = { signal, command: null, timeout_ms: LEFTOVERS_MS };
      this.#ending = this.#endGroup(leftovers, () => {});
    }
    return { exit, escaped: await this.#ending };
  }
}
