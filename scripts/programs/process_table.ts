/**
 * The process table and the sockets of Linux, read from `/proc` (proc(5)) and not by hale's code:
 * what hale says is compared with it.
 *
 * @module
 */

/** A process of the table. */
export interface TableEntry {
  readonly pid: number;
  /** Pid and start time: no two processes of a boot share it. */
  readonly key: string;
  /** Since the boot, in milliseconds; exact to a hundredth of a second. */
  readonly startedMs: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Whether it has ended and only waits for its parent to read its status. */
  readonly zombie: boolean;
}

/** What a process has open, runs and was started with. Empty where it may not be read. */
export interface ProcessDetails {
  /** Its arguments, joined by spaces; its name in brackets where it has none. */
  readonly command: string;
  readonly environment: readonly string[];
  /** Targets of its descriptors, such as `/tmp/log` or `socket:[123]`. */
  readonly files: readonly string[];
  /** Its working folder; empty where it may not be read. */
  readonly folder: string;
}

/** Parent of the threads of the kernel, kthreadd(2). */
const KERNEL = 2;

/**
 * Reads the process table.
 *
 * @param omit Names in `/proc` that are not read, such as those of kernel threads.
 * @returns All processes; those that end during the read may be missing.
 */
export function readProcessTable(omit: ReadonlySet<string> = new Set()): TableEntry[] {
  const table: TableEntry[] = [];
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^[0-9]+$/.test(name) || omit.has(name)) continue;
    const stat = readText(`/proc/${name}/stat`);
    if (stat !== null) table.push(parseStat(stat));
  }
  return table;
}

/** Names in `/proc` of the threads of the kernel that run now. */
export function kernelThreads(): Set<string> {
  return new Set(
    readProcessTable().filter(({ parent }) => parent === KERNEL).map(({ pid }) => String(pid)),
  );
}

/** When the machine was booted, in Unix milliseconds. */
export function bootedAt(): number {
  return Date.now() - Number(Deno.readTextFileSync("/proc/uptime").split(" ")[0]) * 1000;
}

/**
 * Parses `/proc/PID/stat`.
 *
 * @param stat The text.
 * @returns The process.
 */
export function parseStat(stat: string): TableEntry {
  const pid = Number(stat.slice(0, stat.indexOf(" ")));
  // The name is in parentheses and may hold anything, so the fields count from the last one.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, parent, group, session] = fields;
  return {
    pid,
    key: `${pid}@${fields[19]}`,
    // In ticks of USER_HZ, which is 100 for user space on every Linux.
    startedMs: Number(fields[19]) * 10,
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    zombie: state === "Z" || state === "X",
  };
}

/**
 * Reads what a process runs and has open.
 *
 * @param pid The process.
 * @returns Its details.
 */
export function readDetails(pid: number): ProcessDetails {
  const words = split(readText(`/proc/${pid}/cmdline`) ?? "");
  return {
    command: words.join(" ") || `[${(readText(`/proc/${pid}/comm`) ?? "").trim()}]`,
    environment: split(readText(`/proc/${pid}/environ`) ?? ""),
    files: openFiles(pid),
    folder: readLink(`/proc/${pid}/cwd`) ?? "",
  };
}

/**
 * Finds the listening TCP sockets of some ports.
 *
 * @param ports The ports.
 * @returns The sockets, as {@linkcode ProcessDetails.files} names them.
 */
export function listeningSockets(ports: readonly number[]): Set<string> {
  const tables = ["/proc/net/tcp", "/proc/net/tcp6"].map((path) => readText(path) ?? "");
  return new Set(tables.flatMap((text) => parseListening(text, ports)));
}

/**
 * Parses `/proc/net/tcp`.
 *
 * @param text The text.
 * @param ports The ports that count.
 * @returns The listening sockets, as {@linkcode ProcessDetails.files} names them.
 */
export function parseListening(text: string, ports: readonly number[]): string[] {
  return text.split("\n").slice(1).flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const [, local, , state] = fields;
    const port = parseInt(local?.split(":")[1] ?? "", 16);
    // 0A is TCP_LISTEN.
    return state === "0A" && ports.includes(port) ? [`socket:[${fields[9]}]`] : [];
  });
}

function openFiles(pid: number): string[] {
  try {
    return [...Deno.readDirSync(`/proc/${pid}/fd`)].flatMap(({ name }) =>
      readLink(`/proc/${pid}/fd/${name}`) ?? []
    );
  } catch {
    // The process has ended, or is another user's.
    return [];
  }
}

function readLink(path: string): string | null {
  try {
    return Deno.readLinkSync(path);
  } catch {
    return null;
  }
}

function readText(path: string): string | null {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return null;
  }
}

function split(text: string): string[] {
  return text.split("\0").filter((word) => word !== "");
}
