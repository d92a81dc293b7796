/**
 * Windows. What it cannot do: limits, signals other than an end, a process group. A tree of
 * processes is ended by `taskkill /T`, which follows the parents' pids.
 *
 * @module
 */

import { assertBootId, assertProcessTable } from "./processes/assert_process_table.ts";
import { join } from "./path.ts";
import type { LaunchMembers, ProcessInfo } from "./types.ts";

export { openDetached, readPidFile } from "./windows_launcher.ts";

/** Whether a launch can be held to limits of memory and open files. */
export const supportsLimits: boolean = false;

/** Whether a program can be told something by a signal that does not end it. */
export const supportsSignals: boolean = false;

let knownBootId: string | undefined;

/**
 * Which boot of the machine this is: when its first process, `System`, was created. Asked once.
 *
 * Not `Win32_OperatingSystem.LastBootUpTime`: Windows moves that along when its clock is set, and
 * everything that runs would then be of another boot. A process keeps the time of its creation.
 */
export async function bootId(): Promise<string> {
  knownBootId ??= assertBootId(
    await powershell(
      "(Get-CimInstance Win32_Process -Filter 'ProcessId = 4').CreationDate.ToUniversalTime().Ticks",
    ),
  );
  return knownBootId;
}

/**
 * The folder of all state where neither `--home` nor `HALE_HOME` names one.
 *
 * @param env Environment variables.
 * @returns Its path, or null where the environment does not say whose home it is.
 */
export function defaultHome(env: Readonly<Record<string, string | undefined>>): string | null {
  return env.LOCALAPPDATA ? join(env.LOCALAPPDATA, "hale") : null;
}

/**
 * The file names under which an executable of a name may stand.
 *
 * @param name Such as `node`.
 * @param env For `PATHEXT`.
 * @returns The name with each ending that the system executes; the name itself where it has one.
 */
export function executableNames(
  name: string,
  env: Readonly<Record<string, string | undefined>> = {},
): readonly string[] {
  const endings = (env.PATHEXT ?? ".COM;.EXE;.BAT;.CMD").toLowerCase().split(";").filter(Boolean);
  return endings.some((ending) => name.toLowerCase().endsWith(ending))
    ? [name]
    : endings.map((ending) => name + ending);
}

/** Whether a file may be executed: Windows goes by its name, which the caller chose. */
export function isExecutableFile(info: Deno.FileInfo): boolean {
  return info.isFile;
}

/** Nothing to do: Windows goes by the name. */
export async function makeExecutable(_path: string): Promise<void> {}

/** Nothing to do: NTFS journals its folders, and they cannot be opened for a sync. */
export async function syncFolder(_path: string): Promise<void> {}

/** Nothing to do, as in {@linkcode syncFolder}. */
export function syncFolderSync(_path: string): void {}

/**
 * Asks every process of a tree to end. Windows has no signals: programs without a window do not
 * hear it, so the caller's time limit ends in {@linkcode killGroup}.
 *
 * @param group The root's pid. The caller has proven whose it is.
 * @returns False where there was nobody to ask.
 */
export function signalGroup(group: number, _signal: string): boolean {
  const asked = new Deno.Command("taskkill", {
    args: ["/PID", String(group), "/T"],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).outputSync();
  return asked.success;
}

/**
 * Kills every process of a tree.
 *
 * @param group The root's pid. The caller has proven whose it is.
 * @returns False where there was nobody to kill.
 */
export async function killGroup(group: number): Promise<boolean> {
  const { success } = await new Deno.Command("taskkill", {
    args: ["/PID", String(group), "/T", "/F"],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output();
  return success;
}

/**
 * Looks at some processes with one child, however many they are.
 *
 * @param pids Whom to look at.
 * @returns Those that exist.
 */
export async function inspectProcesses(
  pids: readonly number[],
): Promise<ReadonlyMap<number, ProcessInfo>> {
  const wanted = new Set(pids);
  const all = pids.length === 0 ? [] : await listProcesses();
  return new Map(all.filter((info) => wanted.has(info.pid)).map((info) => [info.pid, info]));
}

/** Every process that this user can see. */
export async function listProcesses(): Promise<readonly ProcessInfo[]> {
  return assertProcessTable(parseProcessCsv(
    await powershell(
      "Get-CimInstance Win32_Process | ForEach-Object { '{0},{1},{2},{3}' -f " +
        "$_.ProcessId,$_.ParentProcessId,$_.CreationDate.ToUniversalTime().Ticks,$_.Name }",
    ),
  ));
}

/**
 * Reads the process table as {@linkcode listProcesses} asks for it.
 *
 * @param text A line a process: pid, parent, start in ticks, name.
 * @returns The processes.
 */
export function parseProcessCsv(text: string): ProcessInfo[] {
  const found: ProcessInfo[] = [];
  for (const line of text.split(/\r?\n/)) {
    const match = /^(\d+),(\d+),(\d*),(.*)$/.exec(line);
    if (match === null) continue;
    const [, pid, parent, startTime, command] = match as unknown as string[];
    found.push({
      pid: Number(pid),
      parent: Number(parent),
      group: Number(pid),
      session: Number(pid),
      zombie: false,
      startTime: startTime!,
      command: command!,
    });
  }
  return found;
}

/** Windows does not show the environment of another process: nothing is proven by it here. */
export function hasInEnvironment(_pid: number, _entry: string): Promise<boolean> {
  return Promise.resolve(false);
}

/**
 * Who listens on a TCP port, at any of the machine's addresses.
 *
 * @param port The port.
 * @returns All whom the system shows.
 */
export async function ownersOfPort(port: number): Promise<readonly ProcessInfo[]> {
  const pids = await powershell(
    `Get-NetTCPConnection -State Listen -LocalPort ${port} -ErrorAction SilentlyContinue | ` +
      "ForEach-Object { $_.OwningProcess }",
  );
  return [...(await inspectProcesses(parsePids(pids))).values()];
}

/**
 * Reads pids.
 *
 * @param text A line each; the same one may come several times.
 * @returns Each once.
 */
export function parsePids(text: string): readonly number[] {
  return [...new Set([...text.matchAll(/^\s*(\d+)\s*$/gm)].map(([, pid]) => Number(pid)))];
}

/**
 * Whether a process was started before another one.
 *
 * @param one Its start, in ticks.
 * @param other The other's.
 */
export function startedBefore(one: string, other: string): boolean {
  return BigInt(one || "0") < BigInt(other || "0");
}

async function powershell(script: string): Promise<string> {
  const { stdout } = await new Deno.Command("powershell.exe", {
    args: ["-NoProfile", "-NonInteractive", "-Command", script],
    stdin: "null",
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout);
}

/**
 * Picks a launch's processes out of the process table.
 *
 * @param table Every process.
 * @param leader The launch's pid.
 * @returns The tree below it: `taskkill /T` reaches all of it. A parent's pid may have been given
 * away again, so a child must not be older than its parent.
 */
export function launchMembers(table: readonly ProcessInfo[], leader: number): LaunchMembers {
  const started = new Map<number, bigint>();
  const group: ProcessInfo[] = [];
  for (let grown = true; grown;) {
    grown = false;
    for (const info of table) {
      if (started.has(info.pid)) continue;
      const startedAt = BigInt(info.startTime || "0");
      const parentAt = started.get(info.parent);
      if (info.pid !== leader && (parentAt === undefined || startedAt < parentAt)) continue;
      started.set(info.pid, startedAt);
      group.push(info);
      grown = true;
    }
  }
  return { group, escaped: [] };
}
