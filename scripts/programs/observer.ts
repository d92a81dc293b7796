import {
  bootedAt,
  kernelThreads,
  listeningSockets,
  type ProcessDetails,
  readDetails,
  readProcessTable,
  type TableEntry,
} from "./process_table.ts";

/** Variable that all processes of a trial inherit. */
export const MARK_VARIABLE = "HALE_TRIAL";

/** How often the process table is read, in milliseconds. */
const INTERVAL_MS = 40;

/** How long the marks of a new process are read again: they are complete only after its exec. */
const NEW_MS = 1_000;

/** Every how many samples the marks of all processes are read: an old one may get marks, too. */
const DEEP_EVERY = 25;

/** Every how many samples sockets and commands of the program are read. */
const REFRESH_EVERY = 5;

/** A process of the program, as it was seen. Times are Unix milliseconds. */
export interface SeenProcess {
  readonly pid: number;
  readonly key: string;
  command: string;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** The service that it belongs to; null if not known. */
  readonly service: string | null;
  /** Key of the process that hale launched and that this one belongs to; null if not known. */
  readonly launch: string | null;
  readonly startedAt: number;
  /** It surely ran until then. */
  lastSeenAt: number;
  /** It surely had ended then; null while it runs. */
  goneAt: number | null;
  /** Whether it has a listening socket of the program's ports, by the last sample of sockets. */
  listening: boolean;
  /** Whether it was seen with one at any time. */
  listened: boolean;
}

/** What marks the processes of a trial. */
export interface Marks {
  /** Value of {@linkcode MARK_VARIABLE}. */
  readonly mark: string;
  /** The folder of the trial: whatever has a file of it open belongs to the trial. */
  readonly folder: string;
  /** Path of hale's executable or of its `main.ts`: it is in the command lines of hale itself. */
  readonly hale: string;
  readonly ports: readonly number[];
}

/**
 * Follows the processes of a program without asking hale. A process belongs to the program if its
 * parent did, if hale's variable of a launch is in its environment, if a file of the trial is open
 * in it, if it works in the folder of the trial or if it listens on a port of the trial. One that
 * was seen once is followed until it ends, whatever becomes of its parent, its session and its
 * environment.
 */
export class Observer implements Disposable {
  readonly #marks: Marks;
  readonly #seen = new Map<string, SeenProcess>();
  readonly #bootedAt = bootedAt();
  /** They are many and belong to no program. When one ends, a program may get its pid. */
  #kernel = kernelThreads();
  readonly #beganAt = Date.now();
  /** When processes without a mark were seen first, by their keys. */
  readonly #strangers = new Map<string, number>();
  readonly #launchIds = new Map<string, string>();
  readonly #timer: ReturnType<typeof setInterval>;
  #living = new Set<string>();
  #samples = 0;
  #sampledAt = Date.now();
  #blindMs = 0;

  /** @param marks What marks the processes. */
  constructor(marks: Marks) {
    this.#marks = marks;
    this.#timer = setInterval(() => this.#sample(), INTERVAL_MS);
  }

  /** All processes that were seen, the oldest first. */
  get seen(): readonly SeenProcess[] {
    return [...this.#seen.values()].sort((one, other) => one.startedAt - other.startedAt);
  }

  /** Longest time between two samples, in milliseconds: what was shorter may not have been seen. */
  get blindMs(): number {
    return this.#blindMs;
  }

  /** The processes that hale launched, the oldest first. */
  get launches(): readonly SeenProcess[] {
    return this.seen.filter(({ key, launch }) => key === launch);
  }

  /**
   * The processes that run now.
   *
   * @param options `isDeep`: whether all processes of the machine are searched for marks again.
   */
  alive({ isDeep = false }: { isDeep?: boolean } = {}): readonly SeenProcess[] {
    this.#sample(isDeep);
    this.#refresh();
    return this.seen.filter(({ key }) => this.#living.has(key));
  }

  /** The supervisor and other processes of hale in this trial. */
  haleProcesses(): number[] {
    return readProcessTable().filter(({ pid, zombie }) => {
      if (zombie || pid === Deno.pid) return false;
      const { command, environment } = readDetails(pid);
      return this.#isHale(command) && environment.includes(this.#markEntry);
    }).map(({ pid }) => pid);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #sample(isWished = false): void {
    const now = Date.now();
    this.#blindMs = Math.max(this.#blindMs, now - this.#sampledAt);
    this.#sampledAt = now;
    const isDeep = this.#samples++ % DEEP_EVERY === 0 || isWished;
    if (isDeep) this.#kernel = kernelThreads();
    const table = readProcessTable(this.#kernel).filter(({ zombie }) => !zombie);
    const byPid = new Map(table.map((entry) => [entry.pid, entry]));
    const before = this.#living;
    this.#living = new Set();
    for (const entry of table) {
      const seen = this.#seen.get(entry.key) ?? this.#admit(entry, { now, byPid, isDeep });
      if (seen === null) continue;
      seen.lastSeenAt = now;
      this.#living.add(entry.key);
    }
    for (const key of before.difference(this.#living)) this.#seen.get(key)!.goneAt = now;
    if (this.#samples % REFRESH_EVERY === 0) this.#refresh();
  }

  #admit(
    entry: TableEntry,
    { now, byPid, isDeep }: { now: number; byPid: Map<number, TableEntry>; isDeep: boolean },
  ): SeenProcess | null {
    const startedAt = this.#bootedAt + entry.startedMs;
    // What is older than the trial does not belong to it.
    if (startedAt < this.#beganAt - NEW_MS || entry.pid === Deno.pid) return null;
    const parentEntry = byPid.get(entry.parent);
    const parent = parentEntry === undefined ? undefined : this.#seen.get(parentEntry.key);
    const metAt = this.#strangers.get(entry.key) ?? now;
    this.#strangers.set(entry.key, metAt);
    if (parent === undefined && !isDeep && now - metAt > NEW_MS) return null;
    const details = readDetails(entry.pid);
    if (this.#isHale(details.command)) return null;
    const launchId = details.environment.find((it) => it.startsWith("HALE_LAUNCH="));
    const isChildOfHale = parentEntry !== undefined && parent === undefined &&
      this.#isHale(readDetails(parentEntry.pid).command);
    if (parent === undefined && !this.#isMarked(details, { launchId, isChildOfHale })) return null;
    const launch = isChildOfHale ? entry.key : this.#launchOf(entry, parent, launchId);
    if (isChildOfHale && launchId !== undefined) this.#launchIds.set(launchId, entry.key);
    const { pid, key, group, session } = entry;
    const service = parent?.service ?? serviceOf(details);
    const seen: SeenProcess = {
      ...{
        pid,
        key,
        group,
        session,
        parent: entry.parent,
        service,
        launch,
        command: details.command,
      },
      ...{ startedAt, lastSeenAt: now, goneAt: null, listening: false, listened: false },
    };
    this.#seen.set(key, seen);
    return seen;
  }

  #isMarked(
    { environment, files, folder }: ProcessDetails,
    { launchId, isChildOfHale }: { launchId: string | undefined; isChildOfHale: boolean },
  ): boolean {
    if (launchId !== undefined && environment.includes(this.#markEntry)) return true;
    const isOfTrial = (path: string) => `${path}/`.startsWith(`${this.#marks.folder}/`);
    if (files.some(isOfTrial)) return true;
    // Commands that check the health of a service run in its folder, as children of hale.
    if (isChildOfHale) return false;
    // What has left its parent may have closed its files and overwritten its environment, as
    // redis-server does for the title that it shows.
    const sockets = listeningSockets(this.#marks.ports);
    return isOfTrial(folder) || files.some((file) => sockets.has(file));
  }

  #launchOf(
    { group, session }: TableEntry,
    parent: SeenProcess | undefined,
    launchId: string | undefined,
  ): string | null {
    const inEnvironment = launchId === undefined ? undefined : this.#launchIds.get(launchId);
    const led = this.launches.findLast(({ pid }) => pid === group || pid === session);
    return inEnvironment ?? parent?.launch ?? led?.key ?? null;
  }

  #refresh(): void {
    const sockets = listeningSockets(this.#marks.ports);
    for (const seen of this.seen.filter(({ key }) => this.#living.has(key))) {
      const { command, files } = readDetails(seen.pid);
      // A process that has just ended has no command any more.
      if (!command.startsWith("[")) seen.command = command;
      seen.listening = files.some((file) => sockets.has(file));
      seen.listened ||= seen.listening;
    }
  }

  get #markEntry(): string {
    return `${MARK_VARIABLE}=${this.#marks.mark}`;
  }

  #isHale(command: string): boolean {
    return command.split(" ").includes(this.#marks.hale);
  }
}

/** From hale's variable, or from the log that a process writes to. */
function serviceOf({ environment, files }: ProcessDetails): string | null {
  const variable = environment.find((it) => it.startsWith("HALE_SERVICE="));
  if (variable !== undefined) return variable.slice("HALE_SERVICE=".length);
  const logs = files.map((file) => /\/services\/([^/]+)\/logs\//.exec(file)?.[1]);
  return logs.find((name) => name !== undefined) ?? null;
}
