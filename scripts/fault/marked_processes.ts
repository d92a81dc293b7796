/** A process that a scenario has caused. */
export interface MarkedProcess {
  readonly pid: number;
  /** Pid and start time: no two processes of a boot share it. */
  readonly key: string;
  readonly command: string;
  /** The service that it belongs to; null for processes of hale. */
  readonly service: string | null;
  /** Id of its launch; null for processes of hale. */
  readonly launch: string | null;
  /** Whether it leads a process group, as launches do. */
  readonly leads: boolean;
}

/**
 * Finds processes in `/proc` (proc(5)) by a mark in their environment, their arguments or their working
 * folder. This does not use hale's code: what hale says is compared with it.
 *
 * @param mark A text that is unique on the machine, such as the path of a folder.
 * @returns The processes; none where there is no `/proc`. Zombies have no such mark.
 */
export function markedProcesses(mark: string): MarkedProcess[] {
  return listPids().flatMap((pid) => {
    if (pid === Deno.pid) return [];
    const found = inspect(pid);
    return found !== null && found.texts.some((text) => text.includes(mark)) ? [found.process] : [];
  });
}

/**
 * Finds the supervisors of a home.
 *
 * @param home Absolute path of the home.
 * @returns Their pids: one, unless hale is wrong or one of them is about to exit.
 */
export function supervisorsOf(home: string): number[] {
  return listPids().filter((pid) => isSupervisor(pid, home));
}

/** Whether a pid is that of a supervisor of a home. */
export function isSupervisor(pid: number, home: string): boolean {
  const words = (readText(`/proc/${pid}/cmdline`) ?? "").split("\0");
  return words.includes("supervise") && words.includes(home);
}

/** Whether a process runs, or waits only for its parent to read its status. */
export function stateOf(pid: number): "running" | "stopped" | "zombie" | "gone" {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === null) return "gone";
  const [letter] = fieldsOf(stat);
  return letter === "Z" || letter === "X" ? "zombie" : letter === "T" ? "stopped" : "running";
}

/** Returns what a later process with the same pid does not have; null if there is none. */
export function startTimeOf(pid: number): string | null {
  const stat = readText(`/proc/${pid}/stat`);
  return stat === null ? null : fieldsOf(stat)[19] ?? null;
}

function listPids(): number[] {
  try {
    return [...Deno.readDirSync("/proc")].flatMap(({ name }) =>
      /^[0-9]+$/.test(name) ? [Number(name)] : []
    );
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function inspect(pid: number): { texts: string[]; process: MarkedProcess } | null {
  const environment = readText(`/proc/${pid}/environ`);
  const command = readText(`/proc/${pid}/cmdline`);
  const stat = readText(`/proc/${pid}/stat`);
  if (environment === null || command === null || stat === null) return null;
  const variable = (name: string) =>
    new RegExp(`(?:^|\0)${name}=([^\0]*)`).exec(environment)?.[1] ?? null;
  const fields = fieldsOf(stat);
  if (fields[0] === "Z" || fields[0] === "X") return null;
  return {
    texts: [environment, command, readLink(`/proc/${pid}/cwd`)],
    process: {
      pid,
      key: `${pid}@${fields[19]}`,
      command: command.replaceAll("\0", " ").trim(),
      service: variable("HALE_SERVICE"),
      launch: variable("HALE_LAUNCH"),
      leads: fields[2] === String(pid),
    },
  };
}

/** The fields of `stat` that follow the name, which may hold any character. */
function fieldsOf(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function readText(path: string): string | null {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    // It has ended, or is another user's.
    return null;
  }
}

function readLink(path: string): string {
  try {
    return Deno.readLinkSync(path);
  } catch {
    return "";
  }
}
