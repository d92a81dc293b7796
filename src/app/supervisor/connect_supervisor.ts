/**
 * Finding the supervisor of a home, and starting one where it is needed.
 *
 * @module
 */

import { delay } from "@std/async/delay";
import { HaleError, messageOf } from "../../errors.ts";
import { openDetached } from "../../platform/mod.ts";
import { lockFile } from "../../platform/file_lock.ts";
import { ensureHome } from "../../home/home_paths.ts";
import { ensurePrivateFolder } from "../../files/private_folder.ts";
import { SupervisorClient } from "../../supervise/api/api_client.ts";
import type { SupervisorEndpoint } from "../../supervise/api/api_types.ts";
import { VERSION } from "../../version.ts";
import type { AppContext } from "../context.ts";
import { isNewer } from "./is_newer.ts";
import { SUPERVISOR_MARK, supervisorCommand } from "./supervisor_command.ts";

const HEALTH_MS = 2_000;
const START_MS = 15_000;
const HAND_OVER_MS = 10_000;
const SHOWN_LOG_LINES = 5;

/**
 * The supervisor of a home, where one is alive.
 *
 * @param context Where hale works.
 * @returns Its client; null where none answers.
 */
export async function findSupervisor(context: AppContext): Promise<SupervisorClient | null> {
  const endpoint = await readEndpoint(context);
  if (endpoint === null) return null;
  const client = new SupervisorClient(endpoint);
  try {
    // The file outlives a supervisor that was killed, and its port may be anybody's by now: only
    // one that knows the token and says the same pid is the one that wrote it.
    const health = await client.health(AbortSignal.timeout(HEALTH_MS));
    if (health.runtime === "hale" && health.pid === endpoint.pid) return client;
  } catch {
    // Nobody, or a stranger.
  }
  client[Symbol.dispose]();
  return null;
}

/**
 * The supervisor of a home; it is started where none is alive. One that is older than this command
 * is asked to hand over: it ends, its services stay, the new one adopts them.
 *
 * @param context Where hale works.
 * @returns Its client.
 * @throws {HaleError} `supervisor_unavailable` If it does not come up; its last words are shown.
 */
export async function connectSupervisor(context: AppContext): Promise<SupervisorClient> {
  const alive = await findSupervisor(context);
  if (alive !== null && !isNewer(VERSION, alive.endpoint.version)) return alive;
  if (context.env[SUPERVISOR_MARK] !== undefined) {
    throw new HaleError(
      "supervisor_unavailable",
      `A supervisor was asked to start another one. Unset ${SUPERVISOR_MARK} in this environment.`,
    );
  }
  ensureHome(context.home);
  ensurePrivateFolder(context.paths.supervisorFolder, "create the supervisor's folder");
  // Of many commands at once, one starts the supervisor and the others find it.
  using _lock = await lockFile(context.paths.supervisorStartLock);
  const meanwhile = await findSupervisor(context);
  if (meanwhile !== null) {
    if (!isNewer(VERSION, meanwhile.endpoint.version)) return meanwhile;
    await handOver(meanwhile, context);
  }
  return await startSupervisor(context);
}

/**
 * Asks a supervisor to end and waits until it has. Its services run on.
 *
 * @param client The supervisor.
 * @param context Where hale works.
 * @throws {HaleError} `supervisor_unavailable` If it does not end.
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
        `The supervisor (pid ${pid}) was asked to hand over and has not ended. ` +
          `End it with \`kill ${pid}\`: its services run on.`,
        { fields: { pid } },
      );
    }
    await delay(10);
  }
}

/**
 * Puts the supervisor of a home under another executable of hale, if there is one: it ends, its
 * services stay, the new one adopts them.
 *
 * @param context Where hale works.
 * @param program Absolute path of the executable.
 * @returns Whether there was one.
 * @throws {HaleError} `supervisor_unavailable` If it does not end, or the new one does not come up.
 */
export async function replaceSupervisor(context: AppContext, program: string): Promise<boolean> {
  const found = await findSupervisor(context);
  if (found === null) return false;
  found[Symbol.dispose]();
  using _lock = await lockFile(context.paths.supervisorStartLock);
  const alive = await findSupervisor(context);
  if (alive !== null) await handOver(alive, context);
  using _client = await startSupervisor(context, { ...supervisorCommand(context.home), program });
  return true;
}

async function startSupervisor(
  context: AppContext,
  { program, args } = supervisorCommand(context.home),
): Promise<SupervisorClient> {
  const log = context.paths.supervisorLog;
  const child = openDetached({
    program,
    args,
    cwd: context.home,
    env: supervisorEnvironment(context.env),
    stdoutPath: log,
    stderrPath: log,
    pidPath: null,
    memoryBytes: null,
    openFiles: null,
    umask: null,
    nice: null,
  });
  child.unref();
  let ended = false;
  child.status.then(() => ended = true);
  const deadline = performance.now() + START_MS;
  // It needs some tens of milliseconds, and a look takes a tenth of one.
  for (let pauseMs = 4;; pauseMs = Math.min(pauseMs * 1.1, 50)) {
    const client = await findSupervisor(context);
    if (client !== null) return client;
    if (ended || performance.now() > deadline) throw await notStarted(log);
    await delay(pauseMs);
  }
}

/**
 * A supervisor talks to loopback only, so no proxy is its business; and services get the
 * environment of the command that starts them, not the one of whoever came first.
 */
function supervisorEnvironment(
  env: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const kept = Object.entries(env).filter(([name]) => !/^(https?|all|no)_proxy$/i.test(name));
  return { ...Object.fromEntries(kept), [SUPERVISOR_MARK]: "1" };
}

async function notStarted(log: string): Promise<HaleError> {
  const text = await Deno.readTextFile(log).catch(() => "");
  const words = text.trimEnd().split("\n").slice(-SHOWN_LOG_LINES);
  return new HaleError(
    "supervisor_unavailable",
    ["The supervisor did not start. The last lines of its log, " + log + ":", ...words].join(
      "\n  ",
    ),
    { fields: { log } },
  );
}

async function readEndpoint(context: AppContext): Promise<SupervisorEndpoint | null> {
  const { home, paths: { supervisorEndpoint: path, supervisorLog } } = context;
  let text;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw new HaleError(
      "store_io",
      `The home ${home} cannot be used: ${messageOf(error)}. Name a folder that you may write to ` +
        "with --home DIR or HALE_HOME.",
      { cause: error, fields: { home, path } },
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HaleError(
      "store_corrupt",
      `${path} is broken: ${messageOf(error)}. End the supervisor if it runs (the last line of ` +
        `${supervisorLog} has its pid); its services run on. Then remove the file: the next ` +
        "command starts a new supervisor, which adopts them.",
      { cause: error, fields: { path } },
    );
  }
}
