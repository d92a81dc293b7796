/**
 * The supervisor process of a home.
 *
 * @module
 */

import { regularFile } from "../../files/regular_file.ts";
import { HaleError } from "../../errors.ts";
import type { AuditEntry } from "../../model/audit_record.ts";
import { stillRunning } from "../../spawn/identify.ts";
import { fileIdentity } from "../../files/file_changes.ts";
import { writeFileAtomicSync } from "../../files/atomic_file.ts";
import { type FileLock, lockFile } from "../../platform/file_lock.ts";
import { ensureHome } from "../../home/home_paths.ts";
import { isStored, listRuntimes } from "../../store/runtime/list_runtimes.ts";
import { ensurePrivateFolder } from "../../files/private_folder.ts";
import { serveApi } from "../../supervise/api/api_server.ts";
import { unresponsive } from "../../supervise/api/unresponsive.ts";
import { Supervisor } from "../../supervise/runtime/supervisor.ts";
import { VERSION } from "../../version.ts";
import { openAuditLog } from "../governance/audit_trail.ts";
import type { AppContext } from "../context.ts";
import { findSupervisor } from "./connect_supervisor.ts";
import { supervisorPlace } from "./read_endpoint.ts";
import { realEffects } from "./effects.ts";
import { HomeHold } from "./home_hold.ts";
import { servicePolicy } from "../governance/enforce_policy.ts";
import { rotateLogs } from "./log_rotation.ts";
import { type OnStoreProblem, openStoredRuntime } from "./runtime_records.ts";
import { ifThere } from "../../files/if_there.ts";
import { isThere } from "../../files/is_there.ts";
import { passingFault } from "../../files/io_error.ts";
import { writeAllSync } from "../../files/write_all.ts";
import type { SupervisorEndpoint } from "../../supervise/api/api_types.ts";
import { tryRemove } from "../../files/remove_if_there.ts";

/** A supervisor without running services and clients exits after this time. */
const IDLE_TIMEOUT_MS = 60_000;

const LOCK_MS = 3_000;

/** Settings of {@linkcode supervise}. */
export interface SuperviseOptions {
  /** Idle time in milliseconds after which it exits. Null: never. @default 60000 */
  readonly idleTimeoutMs?: number | null;
  /** Stops the supervisor; its services keep running. */
  readonly signal: AbortSignal;
  /** Called when commands can connect. */
  readonly onReady?: () => void;
  /** Called for what could not be read (that runtime is left untouched) or written. */
  readonly onProblem: OnStoreProblem;
}

/**
 * Supervises a home until it is idle or the signal is aborted.
 *
 * @param context Home and environment.
 * @param options Idle time, signal and callbacks.
 * @throws {HaleError} `store_locked` If another supervisor runs in the home, `supervisor_unavailable` if
 * another one holds it and does not answer.
 * @throws {HaleError} `store_missing` If the home, its lock or its endpoint file was removed or replaced.
 */
export async function supervise(context: AppContext, options: SuperviseOptions): Promise<void> {
  ensureHome(context.home);
  ensurePrivateFolder(context.paths.supervisorFolder, "create the supervisor's folder");
  // Loaded now: without a free descriptor a module cannot be loaded, and this one sends the signals.
  await import("node:process");
  using _lock = await takeHome(context, options.signal);
  // Of a supervisor that was killed: its port may be another program's by now.
  blankEndpoint(context.paths.supervisorEndpoint);
  using hold = new HomeHold(context.paths);
  // hale 0.1.0 stored configurations there, with the values of variables. `hale doctor` reports a
  // folder that cannot be removed.
  tryRemove(context.paths.configCache);
  const { onProblem } = options;
  const actor = { ...context.actor, how: "supervisor" } as const;
  const auditLog = openAuditLog(context.paths, {
    actor,
    onProblem: (error) => onProblem("the audit log", error),
  });
  const audit = (entry: AuditEntry) => {
    if (hold.hasLock) auditLog.add(entry);
  };
  const logs = rotateLogs(() => supervisor, (path, error) => onProblem(path, asBug(error)));
  const supervisor = new Supervisor({
    effects: realEffects(servicePolicy(context.paths), logs, context.paths.cache),
    openRuntime: (id, configPath) =>
      openStoredRuntime(context.home, {
        id,
        configPath,
        audit,
        flushAudit: () => {
          if (hold.hasLock) auditLog.writeNow();
        },
        actor,
        hold,
        onProblem,
      }),
    isStored: (id) => isStored(context.home, id),
    stillRunning,
    version: VERSION,
    idleTimeoutMs: options.idleTimeoutMs === undefined ? IDLE_TIMEOUT_MS : options.idleTimeoutMs,
    onBusy: (isBusy) => hold.poll(isBusy),
  });
  // Without the lock, another supervisor may act already: this one must not, from this moment on.
  hold.lost.addEventListener(
    "abort",
    () => hold.hasLock ? supervisor.finish() : supervisor.abandon(),
  );
  const readable: string[] = [];
  for (const found of listRuntimes(context.home)) {
    if (found.kind === "readable") readable.push(found.runtimeId);
    else options.onProblem(found.runtimeId ?? "a runtime", found.error);
  }
  const problems = await supervisor.resume(readable);
  for (const [runtime, error] of problems) options.onProblem(runtime, error);
  const server = serveApi(supervisor, { version: VERSION });
  // From here on a log that has filled the disk is emptied.
  logs.start();
  if (hold.hasLock) {
    writeEndpoint(context.paths.supervisorEndpoint, {
      ...server.endpoint,
      home: Deno.realPathSync(context.home),
      lock: fileIdentity(context.paths.supervisorLock),
    });
  }
  hold.watch();
  options.onReady?.();
  const onBug = (event: PromiseRejectionEvent) => {
    // A bug that one service triggers must not leave the others without a supervisor.
    event.preventDefault();
    options.onProblem("supervisor", asBug(event.reason));
  };
  globalThis.addEventListener("unhandledrejection", onBug);
  const stop = () => supervisor.finish();
  options.signal.addEventListener("abort", stop);
  if (options.signal.aborted) stop();
  let running: readonly string[] = [];
  try {
    await supervisor.finished;
  } finally {
    options.signal.removeEventListener("abort", stop);
    globalThis.removeEventListener("unhandledrejection", onBug);
    if (hold.lost.aborted) running = runningLaunches(supervisor);
    await server.close();
    await logs[Symbol.asyncDispose]();
    if (hold.holdsLock) await supervisor.close();
    if (hold.hasHome) {
      await auditLog.flush().catch((error) => onProblem("the audit log", asBug(error)));
    }
    // Last: a process that takes over waits until this file is removed.
    if (hold.holdsLock && hold.hasEndpoint) tryRemove(context.paths.supervisorEndpoint);
  }
  if (hold.lost.aborted) throw await hold.farewell(running);
}

/** Names the launches that keep running without a supervisor, such as `api (pid 12)`. */
function runningLaunches({ runtimes }: Supervisor): readonly string[] {
  return runtimes.flatMap(({ services }) =>
    services.flatMap(({ name, status: { pid } }) => pid === null ? [] : [`${name} (pid ${pid})`])
  );
}

/** Empties an endpoint file without freeing its space: the disk may be full. */
function blankEndpoint(path: string): void {
  const info = ifThere(() => Deno.lstatSync(path));
  // That a folder is there is reported when the endpoint is written.
  if (info === null || info.isDirectory || info.size === 0) return;
  overwrite(path, "{}".padEnd(info.size));
}

function writeEndpoint(path: string, endpoint: SupervisorEndpoint): void {
  const text = JSON.stringify(endpoint) + "\n";
  try {
    writeFileAtomicSync(path, text, "write the supervisor's endpoint");
  } catch (error) {
    // The file of the supervisor before has the space that is needed.
    if (passingFault(error) !== "ENOSPC" || !isThere(path)) throw error;
    overwrite(path, text);
  }
}

/** Overwrites a file as it is. Readers may see a part of the text, which is not JSON. */
function overwrite(path: string, text: string): void {
  using file = Deno.openSync(regularFile(path), { write: true });
  writeAllSync(file, new TextEncoder().encode(text));
  file.truncateSync(text.length);
}

/** Includes the stack: a supervisor can report a bug only in its log. */
function asBug(thrown: unknown): HaleError {
  if (thrown instanceof HaleError) return thrown;
  const text = thrown instanceof Error ? thrown.stack ?? thrown.message : String(thrown);
  return new HaleError("supervisor_unavailable", `a bug in hale: ${text}`, { cause: thrown });
}

/** Waits for the lock, because a supervisor that is exiting holds it for a moment. */
async function takeHome(context: AppContext, signal: AbortSignal): Promise<FileLock> {
  const timeout = AbortSignal.timeout(LOCK_MS);
  try {
    return await lockFile(context.paths.supervisorLock, {
      signal: AbortSignal.any([timeout, signal]),
    });
  } catch (error) {
    if (!timeout.aborted) throw error;
  }
  using other = await findSupervisor(context, { signal });
  if (other === null) throw unresponsive(await supervisorPlace(context));
  const { pid } = other.endpoint;
  throw new HaleError(
    "store_locked",
    `A supervisor (pid ${pid}) already runs in the home ${context.home}. ` +
      "Commands such as `hale up` use it. For a second supervisor, choose another home with --home DIR.",
    { fields: { home: context.home, pid } },
  );
}
