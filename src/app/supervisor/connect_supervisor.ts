/**
 * Finds the supervisor of a home and starts one if needed.
 *
 * @module
 */

import { regularFile } from "../../files/regular_file.ts";
import { delay } from "@std/async/delay";
import { HaleError } from "../../errors.ts";
import { type FileLock, lockFile } from "../../platform/file_lock.ts";
import { fileIdentity } from "../../files/file_changes.ts";
import { ensureHome, homePaths } from "../../home/home_paths.ts";
import type { SupervisorEndpoint } from "../../supervise/api/api_types.ts";
import { ensurePrivateFolder } from "../../files/private_folder.ts";
import { SupervisorClient } from "../../supervise/api/api_client.ts";
import { Timeout } from "../../supervise/api/timeout.ts";
import { unresponsive } from "../../supervise/api/unresponsive.ts";
import { VERSION } from "../../version.ts";
import type { AppContext } from "../context.ts";
import { isNewer } from "./is_newer.ts";
import { readEndpoint, supervisorPlace } from "./read_endpoint.ts";
import { spawnSupervisor } from "./spawn_supervisor.ts";
import { isAboutToStart, isHomeTaken } from "./starting_supervisor.ts";
import { SUPERVISOR_MARK, supervisorCommand } from "./supervisor_command.ts";

const HEALTH_MS = 2_000;
const START_MS = 15_000;
const HAND_OVER_MS = 10_000;
/** Another command that starts a supervisor holds the lock no longer, unless it is suspended. */
const START_LOCK_MS = 30_000;
/** A supervisor holds the home this long after its start, unless it waits for another one to exit. */
const TAKE_HOME_MS = 3_000;
const SHOWN_LOG_LINES = 5;

/** A supervisor that works answers well within this, also on a busy machine, in milliseconds. */
const SHORTEST_WAIT_MS = 1_000;

/** Bounds of the wait for a supervisor. */
export interface ConnectOptions {
  /**
   * Longest wait for a supervisor that holds the home and does not answer, in milliseconds; at least a
   * second. @default 5000
   */
  readonly withinMs?: number;
  /** Aborts the wait. */
  readonly signal?: AbortSignal | undefined;
}

/** Bounds of the wait for an answer. */
export interface FindOptions {
  /** Longest wait, in milliseconds. @default 2000 */
  readonly withinMs?: number;
  /** Aborts the wait. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Finds the running supervisor of a home.
 *
 * @param context Home and environment.
 * @param options Bounds of the wait.
 * @returns Its client; null if none answers.
 * @throws {HaleError} `store_locked` If this home is a copy of another one, whose supervisor answers.
 * @throws The signal's reason, if the signal aborts the wait.
 */
export async function findSupervisor(
  context: AppContext,
  { withinMs = HEALTH_MS, signal }: FindOptions = {},
): Promise<SupervisorClient | null> {
  const endpoint = await readEndpoint(context);
  if (endpoint === null) return null;
  const { home, paths: { supervisorLog: log } } = context;
  const client = new SupervisorClient(endpoint, { home, log });
  if (await isSupervisor(client, context, { withinMs, signal })) {
    assertNoCopy(endpoint, context);
    return client;
  }
  client[Symbol.dispose]();
  signal?.throwIfAborted();
  return null;
}

/** Whether the supervisor that wrote the endpoint file answers in time: not another program, nor none. */
async function isSupervisor(
  client: SupervisorClient,
  context: AppContext,
  { withinMs, signal }: { readonly withinMs: number; readonly signal?: AbortSignal | undefined },
): Promise<boolean> {
  const timeout = new Timeout(withinMs, signal);
  try {
    return await client.isProved(timeout.signal) ??
      await isEarlierVersion(client, context, timeout.signal);
  } catch {
    return false;
  } finally {
    timeout.clear();
  }
}

/**
 * Refuses a home that was copied with the address of a supervisor that is alive: that one serves the other
 * home, and the records of the copy name processes of the other home.
 */
function assertNoCopy(
  { pid, home: other, lock }: SupervisorEndpoint,
  { home, paths: { supervisorLock, supervisorEndpoint: path } }: AppContext,
): void {
  if (other === undefined || lock === undefined || lock === null) return;
  if (fileIdentity(supervisorLock) === lock) return;
  // Else the lock of this home was replaced: its supervisor lets go within a second.
  if (fileIdentity(homePaths(other).supervisorLock) !== lock) return;
  throw new HaleError(
    "store_locked",
    `The home ${home} is a copy of ${other}, whose supervisor (pid ${pid}) is running. Its records are of ` +
      `processes that belong to ${other}. Use that home; or stop its services there, and then delete ` +
      `${path}, to use the copy.`,
    { fields: { home, other, pid, path } },
  );
}

/** Whether a supervisor that cannot prove what it is holds the home, and reports the right pid. */
async function isEarlierVersion(
  client: SupervisorClient,
  context: AppContext,
  signal: AbortSignal,
): Promise<boolean> {
  const { pid } = client.endpoint;
  const health = await client.health(signal);
  return health.runtime === "hale" && health.pid === pid && await isHomeTaken(context);
}

/**
 * Connects to the supervisor of a home; starts one if none runs. A supervisor that is older than this
 * command is replaced: it exits, its services keep running, the new one adopts them.
 *
 * @param context Home and environment.
 * @param options Bounds of the wait.
 * @returns Its client.
 * @throws {HaleError} `supervisor_unavailable` If it does not start; the end of its log is shown. Or if
 * it holds the home and does not answer; the message names its pid.
 */
export async function connectSupervisor(
  context: AppContext,
  options: ConnectOptions = {},
): Promise<SupervisorClient> {
  const { withinMs = Infinity, signal } = options;
  const waitMs = Math.min(HEALTH_MS + TAKE_HOME_MS, Math.max(SHORTEST_WAIT_MS, withinMs));
  const deadline = performance.now() + waitMs;
  const alive = await findSupervisor(context, { withinMs: Math.min(HEALTH_MS, waitMs), signal });
  if (alive !== null && !isNewer(VERSION, alive.endpoint.version)) return alive;
  alive?.[Symbol.dispose]();
  if (context.env[SUPERVISOR_MARK] !== undefined) {
    throw new HaleError(
      "supervisor_unavailable",
      `${SUPERVISOR_MARK} is set, so this process belongs to a supervisor and does not start ` +
        `another one. If that is wrong, unset ${SUPERVISOR_MARK}.`,
    );
  }
  ensureHome(context.home);
  ensurePrivateFolder(context.paths.supervisorFolder, "create the supervisor's folder");
  // Without the lock: commands beside a supervisor that does not respond do not wait for each other.
  const held = await takenHome(context, { deadline, signal });
  if (held !== null && !isNewer(VERSION, held.endpoint.version)) return held;
  held?.[Symbol.dispose]();
  // If several commands run at once, one starts the supervisor and the others find it.
  using _lock = await lockStart(context, signal);
  const meanwhile = await takenHome(context, {
    deadline: performance.now() + Math.min(TAKE_HOME_MS, waitMs),
    signal,
  });
  if (meanwhile !== null) {
    if (!isNewer(VERSION, meanwhile.endpoint.version)) return meanwhile;
    await handOver(meanwhile, context);
  }
  return await startSupervisor(context);
}

async function lockStart(context: AppContext, signal?: AbortSignal): Promise<FileLock> {
  const { supervisorStartLock: path } = context.paths;
  const timeout = AbortSignal.timeout(START_LOCK_MS);
  try {
    return await lockFile(path, {
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
    });
  } catch (error) {
    if (!timeout.aborted || signal?.aborted) throw error;
    throw new HaleError(
      "supervisor_unavailable",
      `Another command has been starting a supervisor of the home ${context.home} for ` +
        `${START_LOCK_MS / 1000} seconds. It may be suspended: find it with \`lsof ${path}\` and ` +
        "continue or end it, then run this command again.",
      { fields: { home: context.home, path } },
    );
  }
}

/**
 * Connects to the supervisor that holds the home, or is about to: one that a reading command has
 * started in the background does not respond at once. Returns null if the home is free.
 */
async function takenHome(
  context: AppContext,
  { deadline, signal }: { readonly deadline: number; readonly signal?: AbortSignal | undefined },
): Promise<SupervisorClient | null> {
  for (let isTaken = await isHomeTaken(context);; isTaken = await isHomeTaken(context)) {
    if (!isTaken && !await isAboutToStart(context, TAKE_HOME_MS)) return null;
    const leftMs = deadline - performance.now();
    const withinMs = Math.min(HEALTH_MS, Math.max(SHORTEST_WAIT_MS, leftMs));
    const client = await findSupervisor(context, { withinMs, signal });
    if (client !== null) return client;
    if (performance.now() > deadline) {
      if (isTaken) throw unresponsive(await supervisorPlace(context));
      return null;
    }
    await delay(10, signal === undefined ? {} : { signal });
  }
}

/**
 * Asks a supervisor to exit and waits for it. Its services keep running.
 *
 * @param client The supervisor.
 * @param context Home and environment.
 * @throws {HaleError} `supervisor_unavailable` If it does not exit.
 */
export async function handOver(client: SupervisorClient, context: AppContext): Promise<void> {
  const { pid } = client.endpoint;
  await client.shutdown();
  client[Symbol.dispose]();
  const deadline = performance.now() + HAND_OVER_MS;
  while ((await readEndpoint(context))?.pid === pid) {
    if (performance.now() > deadline) {
      throw new HaleError(
        "supervisor_unavailable",
        `The supervisor (pid ${pid}) did not exit within ${HAND_OVER_MS / 1000} seconds of the ` +
          `request to hand over. Stop it with \`kill ${pid}\`; its services keep running.`,
        { fields: { pid } },
      );
    }
    await delay(10);
  }
}

/**
 * Replaces the running supervisor of a home by one of another executable: the old one exits, its
 * services keep running, the new one adopts them.
 *
 * @param context Home and environment.
 * @param program Absolute path of the executable.
 * @returns Whether a supervisor was running.
 * @throws {HaleError} `supervisor_unavailable` If it does not exit, or the new one does not start.
 */
export async function replaceSupervisor(context: AppContext, program: string): Promise<boolean> {
  const found = await findSupervisor(context);
  if (found === null) return false;
  found[Symbol.dispose]();
  using _lock = await lockStart(context);
  const alive = await findSupervisor(context);
  if (alive !== null) await handOver(alive, context);
  using _client = await startSupervisor(context, { ...supervisorCommand(context.home), program });
  return true;
}

async function startSupervisor(
  context: AppContext,
  command = supervisorCommand(context.home),
): Promise<SupervisorClient> {
  const child = spawnSupervisor(context, command);
  let exited = false;
  child.status.then(() => exited = true);
  const deadline = performance.now() + START_MS;
  // The start takes tens of milliseconds, a failed connection a tenth of one.
  for (let pauseMs = 4;; pauseMs = Math.min(pauseMs * 1.1, 50)) {
    const client = await findSupervisor(context);
    if (client !== null) return client;
    if (exited || performance.now() > deadline) {
      throw await notStarted(context.paths.supervisorLog, exited);
    }
    await delay(pauseMs);
  }
}

async function notStarted(log: string, exited: boolean): Promise<HaleError> {
  const text = await Deno.readTextFile(regularFile(log)).catch(() => "");
  const lines = text.trimEnd().split("\n").slice(-SHOWN_LOG_LINES);
  const what = exited
    ? "The supervisor did not start."
    : `The supervisor was started and has not answered within ${START_MS / 1000} seconds.`;
  return new HaleError(
    "supervisor_unavailable",
    [`${what} The last lines of its log ${log}:`, ...lines].join("\n  "),
    { fields: { log } },
  );
}
