/**
 * Linux and macOS.
 *
 * @module
 */

import { join } from "./path.ts";
import * as darwin from "./processes/darwin_processes.ts";
import * as linux from "./processes/linux_processes.ts";
import type { Detached, DetachedPlan, LaunchMembers, PidFile, ProcessInfo } from "./types.ts";

const processes = Deno.build.os === "linux" ? linux : darwin;

export const {
  bootId,
  hasInEnvironment,
  inspectProcesses,
  listProcesses,
  ownersOfPort,
  startedBefore,
} = processes;

/** Whether limits of memory and open files can be set for a launch. */
export const supportsLimits: boolean = true;

/** Whether signals that do not terminate can be sent to a program. */
export const supportsSignals: boolean = true;

/**
 * Returns the default home of hale, for when neither `--home` nor `HALE_HOME` is set.
 *
 * @param env Environment variables.
 * @returns Its path, or null if `HOME` is not set.
 */
export function defaultHome(env: Readonly<Record<string, string | undefined>>): string | null {
  return env.HOME ? join(env.HOME, ".hale") : null;
}

/**
 * Returns the file names that an executable may have.
 *
 * @param name Such as `node`.
 * @returns The name itself.
 */
export function executableNames(
  name: string,
  _env: Readonly<Record<string, string | undefined>> = {},
): readonly string[] {
  return [name];
}

/** Returns whether a file is executable by its owner, its group or others. */
export function isExecutableFile(info: Deno.FileInfo): boolean {
  return info.isFile && ((info.mode ?? 0) & 0o111) !== 0;
}

/** Makes a file executable for all users. */
export async function makeExecutable(path: string): Promise<void> {
  await Deno.chmod(path, 0o755);
}

/** Syncs a folder's entries to disk, so that a rename within it survives a power failure. */
export async function syncFolder(path: string): Promise<void> {
  using folder = await Deno.open(path, { read: true });
  await folder.sync();
}

/** As {@linkcode syncFolder}, synchronously. */
export function syncFolderSync(path: string): void {
  using folder = Deno.openSync(path, { read: true });
  folder.syncSync();
}

/**
 * The launcher. Its own pid, boot and start time stand in the pid file before the program runs, so
 * a supervisor that is killed at any moment finds every launch. `set -C` makes the pid file
 * exclusive: a supervisor that gave a launch up claims the file, and a late launcher then ends
 * without running anything. `exec` keeps the pid and leaves no shell behind. The reads are builtins:
 * nothing is forked on the way. The logs are tried with `true` first, because a shell ends by itself,
 * with its own status, where an `exec` cannot redirect (POSIX, 2.8.1).
 */
const LAUNCHER = `
if [ -n "$1" ]; then
  { read -r boot </proc/sys/kernel/random/boot_id; read -r stat </proc/$$/stat; } 2>/dev/null
  set -C
  printf '%s\\n%s\\n%s\\n' "$$" "$boot" "$stat" >"$1" || exit 125
  set +C
fi
true >>"$2" 2>>"$3" || exit 125
exec >>"$2" 2>>"$3"
if [ -n "$4" ]; then ulimit -v "$4" || exit 125; fi
if [ -n "$5" ]; then ulimit -n "$5" || exit 125; fi
if [ -n "$6" ]; then umask "$6" || exit 125; fi
nice=$7
shift 7
if [ -n "$nice" ]; then exec nice -n "$nice" "$@"; fi
exec "$@"
`;

/**
 * Starts a program in a session of its own, its output appended to files.
 *
 * @param plan What to start.
 * @returns The process. Intentionally orphaned: dropping it does not stop it.
 * @throws If the working folder is not there or the system refuses another process.
 */
export function openDetached(plan: DetachedPlan): Detached {
  const { env, unnameable } = splitEnvironment(plan.env);
  const child = new Deno.Command("/bin/sh", {
    args: [
      "-c",
      LAUNCHER,
      "hale-launch",
      plan.pidPath ?? "",
      plan.stdoutPath,
      plan.stderrPath,
      plan.memoryBytes === null ? "" : String(Math.floor(plan.memoryBytes / 1024)),
      plan.openFiles === null ? "" : String(plan.openFiles),
      plan.umask ?? "",
      plan.nice === null ? "" : String(plan.nice),
      ...(unnameable.length === 0 ? [] : ["/usr/bin/env", ...unnameable]),
      plan.program,
      ...plan.args,
    ],
    cwd: plan.cwd,
    env,
    clearEnv: true,
    detached: true,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  return {
    pid: child.pid,
    status: child.status.then((status) => ({
      // Deno reports 128 + n as the code of a death by signal n; the signal alone is the truth.
      code: status.signal === null ? status.code : null,
      signal: status.signal,
    })),
    unref: () => child.unref(),
  };
}

/**
 * Takes out the variables that a shell would drop because it cannot name them itself, such as
 * `discovery.type`: `env` sets them after the shell.
 */
function splitEnvironment(
  all: Readonly<Record<string, string>>,
): { env: Record<string, string>; unnameable: readonly string[] } {
  const entries = Object.entries(all);
  const isNameable = ([name]: [string, string]) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
  return {
    env: Object.fromEntries(entries.filter(isNameable)),
    unnameable: entries.filter((it) => !isNameable(it)).map(([name, value]) => `${name}=${value}`),
  };
}

/**
 * Reads what the launcher wrote.
 *
 * @param text Contents of the pid file.
 * @returns What it says, or null where the launcher has not finished writing.
 */
export function readPidFile(text: string): PidFile | null {
  const lines = text.split("\n");
  if (lines.length < 4) return null;
  const [pid, boot, stat] = lines as [string, string, string];
  if (!/^[1-9][0-9]*$/.test(pid)) return null;
  const parsed = stat === "" ? null : linux.parseStat(stat);
  return { pid: Number(pid), startTime: parsed?.startTime ?? null, bootId: boot || null };
}

/**
 * Sends a signal to every process of a group.
 *
 * @param group The group's id. The caller has verified that it has not been reused.
 * @param signal Name of the signal.
 * @returns False if the group has no process.
 */
export function signalGroup(group: number, signal: string): boolean {
  if (!Number.isSafeInteger(group) || group <= 1) {
    // kill(2): 0 signals the own group, -1 every process.
    throw new RangeError(`Process group ${group} cannot be signalled: its id must be 2 or more`);
  }
  try {
    Deno.kill(-group, signal as Deno.Signal);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    // The group has members, but none that may be signalled: other users', or (macOS) only zombies.
    if (error instanceof Deno.errors.PermissionDenied) return true;
    throw error;
  }
}

/**
 * Kills every process of a group.
 *
 * @param group The group's id. The caller has verified that it has not been reused.
 * @returns False if the group has no process.
 */
export function killGroup(group: number): Promise<boolean> {
  return Promise.resolve(signalGroup(group, "SIGKILL"));
}

/**
 * Finds a launch's processes in the process table.
 *
 * @param table All processes.
 * @param leader The launch's pid, which is also the id of its group and its session.
 * @returns The group, and descendants that left it. Zombies are not included.
 */
export function launchMembers(table: readonly ProcessInfo[], leader: number): LaunchMembers {
  const group = table.filter((info) => info.group === leader && !info.zombie);
  const known = new Set([leader, ...group.map((info) => info.pid)]);
  const escaped: ProcessInfo[] = [];
  for (let grown = true; grown;) {
    grown = false;
    for (const info of table) {
      if (known.has(info.pid) || info.zombie) continue;
      if (!known.has(info.parent) && info.session !== leader) continue;
      known.add(info.pid);
      escaped.push(info);
      grown = true;
    }
  }
  return { group, escaped };
}
