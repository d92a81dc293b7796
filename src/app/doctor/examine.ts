/**
 * Checks a home and the permissions of hale.
 *
 * @module
 */

import { HaleError, messageOf } from "../../errors.ts";
import { type FileLock, lockFile } from "../../platform/file_lock.ts";
import type { AppContext } from "../context.ts";
import { connectSupervisor, findSupervisor, handOver } from "../supervisor/connect_supervisor.ts";
import { supervisorPlace } from "../supervisor/read_endpoint.ts";
import { checkAudit } from "./check_audit.ts";
import { checkCache } from "./check_cache.ts";
import { checkClock } from "./check_clock.ts";
import { checkFiles, checkFolders, checkHome } from "./check_home.ts";
import { checkPermissions } from "./check_permissions.ts";
import { checkLeftovers } from "./check_leftovers.ts";
import { checkPolicy } from "./check_policy.ts";
import { checkServices } from "./check_services.ts";
import { checkSpace } from "./check_space.ts";
import { checkStore, repairStore, type StoreReport } from "./check_store.ts";
import { checkLogs } from "./check_logs.ts";
import { checkSupervisor } from "./check_supervisor.ts";
import { type CheckName, type Finding, type Found, wrong } from "./finding.ts";

/** Options of {@linkcode examine}. */
export interface ExamineOptions {
  /** Whether to quarantine what is damaged. No records are deleted. */
  readonly repair: boolean;
  /** The installed executable of hale; null if hale runs from source. @default null */
  readonly executable?: string | null;
  /** Aborts the checks. */
  readonly signal: AbortSignal;
}

/**
 * Checks everything that hale depends on and yields each finding at once.
 *
 * Services keep running, also during a repair: a running supervisor exits before it, and a new one
 * adopts the services afterwards.
 *
 * @param context Home and environment. Other users may have write access to the home.
 * @param options Whether to repair.
 * @returns The findings.
 * @throws {HaleError} `supervisor_unavailable` or `store_locked` If a repair cannot lock the home.
 */
export async function* examine(
  context: AppContext,
  options: ExamineOptions,
): AsyncGenerator<Finding> {
  const { repair, signal } = options;
  yield* named("permissions", checkPermissions());
  const home = checkHome(context);
  yield* named("home", [home.found]);
  if (home.state !== "usable") return;
  const misplaced = checkFolders(context, { repair });
  yield* named("home", misplaced);
  // The checks of the contents would report the same problem again.
  if (misplaced.some(({ status }) => status === "wrong")) return;
  yield* named("files", await attempt(context.home, () => checkFiles(context.home, { repair })));
  yield* named("space", [checkSpace(context.home)]);
  yield* named(
    "supervisor",
    await attempt(context.paths.supervisorFolder, () => checkSupervisor(context, { repair })),
  );
  yield* named("services", await attempt(context.paths.runtimes, () => checkServices(context)));
  let store: StoreReport | null = null;
  yield* named(
    "store",
    await attempt(context.paths.runtimes, async () => {
      store = await checkStore(context);
      if (!repair || !store.repairable) return store.found;
      const repairs = await withHome(context, signal, () => repairStore(context));
      // Problems that remain are reported by the second check.
      store = await checkStore(context);
      return [...repairs.filter(({ status }) => status === "repaired"), ...store.found];
    }),
  );
  yield* named("logs", await attempt(context.paths.runtimes, () => checkLogs(context)));
  const newestAt = (store as StoreReport | null)?.newestAt ?? null;
  yield* named("clock", [checkClock(newestAt, Date.now())]);
  yield* named("policy", checkPolicy(context));
  yield* named("audit", [await checkAudit(context, signal)]);
  yield* named("cache", await attempt(context.paths.cache, () => checkCache(context, signal)));
  yield* named(
    "leftovers",
    await attempt(context.paths.cache, () => checkLeftovers(context, options)),
  );
}

function named(check: CheckName, found: readonly Found[]): Finding[] {
  return found.map((one) => ({ check, ...one }));
}

/** Turns the error of a check into a finding, so that the other checks run. */
async function attempt(
  subject: string,
  check: () => readonly Found[] | Promise<readonly Found[]>,
): Promise<readonly Found[]> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof HaleError && error.code !== "store_io" && error.code !== "store_corrupt") {
      throw error;
    }
    if (!(error instanceof HaleError) && !isSystemError(error)) throw error;
    return [wrong(subject, messageOf(error), null)];
  }
}

/** Whether the error comes from the operating system and is not a bug of hale. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && typeof (error as { code?: unknown }).code === "string";
}

/** A supervisor that is exiting releases the lock sooner. */
const LOCK_MS = 5_000;

async function takeLock(context: AppContext, signal: AbortSignal): Promise<FileLock> {
  const { home, paths } = context;
  const timeout = AbortSignal.timeout(LOCK_MS);
  try {
    return await lockFile(paths.supervisorLock, { signal: AbortSignal.any([timeout, signal]) });
  } catch (error) {
    if (!timeout.aborted || signal.aborted) throw error;
    const { pid } = await supervisorPlace(context);
    const who = pid === null ? "a process" : `a process, probably the supervisor (pid ${pid}),`;
    throw new HaleError(
      "store_locked",
      `The store was not repaired: ${who} holds the lock of the home ${home} and does not respond. ` +
        `Find it with \`lsof ${paths.supervisorLock}\`, end it with \`kill -9\`, and run the command ` +
        "again. Its services keep running.",
      { fields: { home } },
    );
  }
}

/** Runs an action as the only writer of a home. */
async function withHome<T>(
  context: AppContext,
  signal: AbortSignal,
  action: () => Promise<T>,
): Promise<T> {
  const supervisor = await findSupervisor(context);
  if (supervisor !== null) await handOver(supervisor, context);
  try {
    using _lock = await takeLock(context, signal);
    return await action();
  } finally {
    if (supervisor !== null) (await connectSupervisor(context))[Symbol.dispose]();
  }
}
