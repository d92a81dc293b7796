/**
 * Looking through a home, and through what hale may do.
 *
 * @module
 */

import { HaleError, messageOf } from "../../errors.ts";
import { type FileLock, lockFile } from "../../platform/file_lock.ts";
import type { AppContext } from "../context.ts";
import { connectSupervisor, findSupervisor, handOver } from "../supervisor/connect_supervisor.ts";
import { checkAudit } from "./check_audit.ts";
import { checkCache } from "./check_cache.ts";
import { checkClock } from "./check_clock.ts";
import { checkFiles, checkFolders, checkHome } from "./check_home.ts";
import { checkPermissions } from "./check_permissions.ts";
import { checkPolicy } from "./check_policy.ts";
import { checkSpace } from "./check_space.ts";
import { checkStore, repairStore, type StoreReport } from "./check_store.ts";
import { checkSupervisor } from "./check_supervisor.ts";
import { type CheckName, type Finding, type Found, wrong } from "./finding.ts";

/** How to look. */
export interface ExamineOptions {
  /** Whether to set aside what is wrong. Nothing is deleted. */
  readonly repair: boolean;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * Looks at everything that hale depends on: each thing as it is found.
 *
 * Services run on, also during a repair: a supervisor that is alive hands over for a moment, and the
 * next one adopts them.
 *
 * @param context Where hale works. The home may be one that others can write to.
 * @param options How to look.
 * @returns What was found.
 * @throws {HaleError} `supervisor_unavailable` If a repair needs the home and cannot have it.
 */
export async function* examine(
  context: AppContext,
  options: ExamineOptions,
): AsyncGenerator<Finding> {
  const { repair, signal } = options;
  yield* named("permissions", checkPermissions());
  const home = checkHome(context.home);
  yield* named("home", [home.found]);
  if (home.state !== "usable") return;
  const folders = checkFolders(context, { repair });
  yield* named("home", folders);
  // Every look into such a folder would say the same once more.
  if (folders.some(({ status }) => status === "wrong")) return;
  yield* named("files", await attempt(context.home, () => checkFiles(context.home, { repair })));
  yield* named("space", [checkSpace(context.home)]);
  yield* named(
    "supervisor",
    await attempt(context.paths.supervisorFolder, () => checkSupervisor(context, { repair })),
  );
  let store: StoreReport | null = null;
  yield* named(
    "store",
    await attempt(context.paths.runtimes, async () => {
      store = await checkStore(context);
      if (!repair || !store.repairable) return store.found;
      const mended = await withHome(context, signal, () => repairStore(context));
      // What a repair leaves is told once more, by what it is now.
      store = await checkStore(context);
      return [...mended.filter(({ status }) => status === "repaired"), ...store.found];
    }),
  );
  const newestAt = (store as StoreReport | null)?.newestAt ?? null;
  yield* named("clock", [checkClock(newestAt, Date.now())]);
  yield* named("policy", checkPolicy(context));
  yield* named("audit", [await checkAudit(context, signal)]);
  yield* named("cache", await attempt(context.paths.cache, () => checkCache(context, signal)));
}

function named(check: CheckName, found: readonly Found[]): Finding[] {
  return found.map((one) => ({ check, ...one }));
}

/** What cannot be looked at is wrong, and the rest is looked at all the same. */
async function attempt(
  subject: string,
  look: () => readonly Found[] | Promise<readonly Found[]>,
): Promise<readonly Found[]> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof HaleError && error.code !== "store_io" && error.code !== "store_corrupt") {
      throw error;
    }
    if (!(error instanceof HaleError) && !isSystemError(error)) throw error;
    return [wrong(subject, messageOf(error), null)];
  }
}

/** Whether the system refused something, in contrast to a mistake of hale's own. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && typeof (error as { code?: unknown }).code === "string";
}

/** A supervisor that answers nobody keeps the lock for longer. */
const LOCK_MS = 5_000;

async function takeLock({ home, paths }: AppContext, signal: AbortSignal): Promise<FileLock> {
  const patience = AbortSignal.timeout(LOCK_MS);
  try {
    return await lockFile(paths.supervisorLock, { signal: AbortSignal.any([patience, signal]) });
  } catch (error) {
    if (!patience.aborted || signal.aborted) throw error;
    throw new HaleError(
      "store_locked",
      `Nothing was repaired: somebody holds the lock of the home ${home} and does not answer. ` +
        "End that process and repeat the command.",
      { fields: { home } },
    );
  }
}

/** Does something as the one writer of a home. */
async function withHome<T>(
  context: AppContext,
  signal: AbortSignal,
  act: () => Promise<T>,
): Promise<T> {
  const supervisor = await findSupervisor(context);
  if (supervisor !== null) await handOver(supervisor, context);
  try {
    using _lock = await takeLock(context, signal);
    return await act();
  } finally {
    if (supervisor !== null) (await connectSupervisor(context))[Symbol.dispose]();
  }
}
