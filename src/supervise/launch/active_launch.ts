/**
 * An active launch, started or adopted by this supervisor.
 *
 * @module
 */

import type { HaleError } from "../../errors.ts";
import type { PollOutcome } from "../../health/poll.ts";
import type { ProbeLaunch } from "../../health/types.ts";
import type { PolledCheck } from "../../model/health_spec.ts";
import type { StopSpec } from "../../model/service_spec.ts";
import {
  type Exit,
  type LaunchRecord,
  type ProcessIdentity,
  UNKNOWN_EXIT,
} from "../../model/service_state.ts";
import type { NamedProcess } from "../../model/survivor.ts";
import type { LaunchTrace } from "../../spawn/launch_trace.ts";
import { type Cleanup, stopUntilEmpty } from "./stop_until_empty.ts";
import { clearLeftovers } from "./clear_leftovers.ts";
import type { FailedLauncher } from "../exit/failed_launcher.ts";
import type { LaunchEnd } from "./launch_end.ts";
import type { LaunchContext } from "./launch_context.ts";
import { newLaunchId, pidPath } from "./launch_files.ts";
import { launchVariables } from "./launch_variables.ts";

/** An active launch. Dropping it does not stop the process. */
export class ActiveLaunch {
  readonly pid: number;
  /**
   * Monotonic milliseconds. For an adopted launch, derived from the wall clock, which may have
   * changed.
   */
  readonly startedAt: number;
  /** Resolves with the record once it identifies the process. */
  readonly identified: Promise<LaunchRecord>;
  /** Resolves when the process has exited and what it left behind has been ended. */
  readonly finished: Promise<LaunchEnd>;
  /** The failure for which hale is stopping it; null if there is none. */
  giveUpReason: HaleError | null = null;
  failedLauncher: FailedLauncher | null = null;
  background: readonly NamedProcess[] = [];
  #record: LaunchRecord;
  readonly #context: LaunchContext;
  readonly #leaderExit = Promise.withResolvers<Exit>();
  readonly #isChild: boolean;
  readonly #released = new AbortController();
  /** Aborts when the leader exits or the launch is released. Ends health checks of the launch. */
  readonly #exited = new AbortController();
  readonly #trace: LaunchTrace;
  #readyAt: number | null = null;
  #exitedAt: number | null = null;
  #ending: Promise<Cleanup> | null = null;
  #isClearing = false;

  private constructor(
    record: LaunchRecord,
    context: LaunchContext,
    process: {
      pid: number;
      isChild: boolean;
      exited: (released: AbortSignal) => Promise<Exit>;
      identity: Promise<ProcessIdentity | null>;
    },
  ) {
    this.#record = record;
    this.#context = context;
    this.#isChild = process.isChild;
    this.pid = process.pid;
    const pidFile = pidPath(context.paths, record);
    this.#trace = context.effects.traceLaunch(record.id, { pidFile, leader: record.identity });
    const ranMs = process.isChild ? 0 : Math.max(0, Date.now() - Date.parse(record.at));
    this.startedAt = context.effects.now() - ranMs;
    process.exited(this.#released.signal).then(this.#leaderExit.resolve);
    this.identified = process.identity.then((identity) => {
      this.#record = { ...this.#record, identity };
      this.#trace.leader = identity;
      return this.#record;
    });
    this.finished = this.#leaderExit.promise.then((exit) => {
      this.#exitedAt = context.effects.now();
      this.#exited.abort();
      return this.#clear(exit);
    });
  }

  /**
   * Starts a launch.
   *
   * @param context The service.
   * @param options What to launch; `recordIntent` records the intent before there is a process.
   * @returns The launch.
   * @throws {HaleError} `spawn_failed` If the process could not be started.
   */
  static start(
    context: LaunchContext,
    options: {
      binary: string;
      /** Version of the release that `binary` is from; null if it is from no release. */
      version: string | null;
      configDigest: string;
      recordIntent: (record: LaunchRecord) => void;
    },
  ): ActiveLaunch {
    const { effects, paths, spec } = context;
    const offsets = effects.prepareLogs(paths, spec.logs);
    const record: LaunchRecord = {
      id: newLaunchId(),
      at: new Date().toISOString(),
      identity: null,
      binary: options.binary,
      version: options.version,
      wanted_version: spec.version,
      config_digest: options.configDigest,
      stdout_offset: offsets.stdout,
      stderr_offset: offsets.stderr,
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
      isChild: true,
      exited: () => launch.exited,
      identity: launch.identity,
    });
  }

  /**
   * Adopts a launch of an earlier supervisor. Its exit status will be unknown.
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
      isChild: false,
      exited: async (released) => {
        await context.effects.adoptedExit(identity, released);
        return UNKNOWN_EXIT;
      },
      identity: Promise.resolve(identity),
    });
  }

  /** When it became ready, in monotonic milliseconds; null if it never was. */
  get readyAt(): number | null {
    return this.#readyAt;
  }

  /** Called when it is ready. Its descendants are remembered a little later. */
  set readyAt(readyAt: number | null) {
    this.#readyAt = readyAt;
    if (readyAt === null) return;
    this.#trace.rememberSoon(this.#exited.signal, this.#context.onProblem);
  }

  /** Whether its process has exited. Other members of its group may still be running. */
  get hasExited(): boolean {
    return this.#exited.signal.aborted;
  }

  /** Whether its process has exited and what it left behind is being ended. */
  get isClearing(): boolean {
    return this.#isClearing;
  }

  get record(): LaunchRecord {
    return this.#record;
  }

  /** How long it has been ready, in milliseconds; null if it never was. */
  get readyMs(): number | null {
    return this.#readyAt === null ? null : this.#endedAt - this.#readyAt;
  }

  /** How long its process has run, in milliseconds: without the time in which leftovers are ended. */
  get ranMs(): number {
    return this.#endedAt - this.startedAt;
  }

  get #endedAt(): number {
    return this.#exitedAt ?? this.#context.effects.now();
  }

  /** The launch as checks of kind `exec` and `log` need it. */
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
   * Waits for the launch to pass a check.
   *
   * @param health What to check.
   * @returns The result; null if the launch exited first.
   */
  async pollHealth(health: PolledCheck): Promise<PollOutcome | null> {
    try {
      return await this.#context.effects.pollHealth(health, {
        signal: this.#exited.signal,
        launch: this.probeLaunch,
      });
    } catch (error) {
      if (this.#exited.signal.aborted) return null;
      throw error;
    }
  }

  /**
   * Requests the stop of the launch. {@linkcode ActiveLaunch.finished} resolves when it is complete.
   * Further calls do nothing.
   *
   * @param stop How to stop it.
   */
  stop(stop: StopSpec): void {
    if (this.#ending !== null) return;
    this.#ending = this.#stop(stop);
    // Nothing of it is left, so an adopted leader has exited: do not wait for the next poll.
    if (!this.#isChild) this.#ending.then(() => this.#leaderExit.resolve(UNKNOWN_EXIT));
  }

  /** Ends all waits, checks and stops of this launch. The process is not signalled any more. */
  release(): void {
    this.#released.abort();
    this.#exited.abort();
  }

  async #stop(stop: StopSpec): Promise<Cleanup> {
    await this.identified;
    const { effects, spec, env, onKilled, onSurvivors, onProblem } = this.#context;
    return await stopUntilEmpty(this.#trace, stop, {
      effects,
      cwd: spec.cwd,
      env,
      exited: this.#isChild ? this.#leaderExit.promise : null,
      released: this.#released.signal,
      onKilled: (outlived) => onKilled(this, outlived),
      onSurvivors,
      onProblem,
    });
  }

  /** Ends what the launch left behind. Resolves when nothing is left. */
  async #clear(exit: Exit): Promise<LaunchEnd> {
    // A released launch belongs to another supervisor: never resolve.
    if (this.#released.signal.aborted) return await new Promise(() => {});
    this.#ending ??= this.#clearLeftovers(exit);
    return { exit, cleanup: await this.#ending };
  }

  async #clearLeftovers(exit: Exit): Promise<Cleanup> {
    const { effects, spec, paths, onLeftovers, onSurvivors, onProblem } = this.#context;
    await this.identified;
    const { cleanup, failedLauncher, background } = await clearLeftovers(this.#trace, {
      exit,
      ranMs: this.ranMs,
      binary: this.#record.binary,
      pidFile: pidPath(paths, this.#record),
      stopSignal: spec.stop.signal,
    }, {
      effects,
      released: this.#released.signal,
      onLeftovers: (leftovers) => {
        this.#isClearing = true;
        onLeftovers(leftovers);
      },
      onSurvivors,
      onProblem,
    });
    this.failedLauncher = failedLauncher;
    this.background = background;
    return cleanup;
  }
}
