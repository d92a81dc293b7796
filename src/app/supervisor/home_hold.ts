/**
 * Notices that a supervisor has lost its home.
 *
 * @module
 */

import { delay } from "@std/async/delay";
import { HaleError } from "../../errors.ts";
import { fileIdentity } from "../../files/file_changes.ts";
import type { HomePaths } from "../../home/home_paths.ts";

/** Interval of checks while there is something to supervise, in milliseconds. */
const CHECK_MS = 900;

/** How long to wait for a home that takes the place of a removed one, in milliseconds. */
const FAREWELL_MS = 1_000;
const FAREWELL_PAUSE_MS = 50;

/**
 * What a supervisor took when it started: the home, its lock file and its endpoint file. When one of them
 * is another file or gone, other programs cannot find this supervisor any more and may start another one.
 */
export class HomeHold implements Disposable {
  readonly #paths: HomePaths;
  readonly #home: string | null;
  readonly #lock: string | null;
  readonly #log: string | null;
  #endpoint: string | null = null;
  #watcher: Deno.FsWatcher | null = null;
  #timer: ReturnType<typeof setInterval> | null = null;
  readonly #lost = new AbortController();

  /** @param paths The home, whose lock is held. */
  constructor(paths: HomePaths) {
    this.#paths = paths;
    this.#home = fileIdentity(paths.home);
    this.#lock = fileIdentity(paths.supervisorLock);
    this.#log = fileIdentity(paths.supervisorLog);
  }

  /** Aborts when the home is lost. Its reason is the error that says what was removed. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Whether this supervisor may act and record. Notices a lost lock at once. */
  get hasLock(): boolean {
    if (!this.holdsLock) this.check();
    return this.holdsLock;
  }

  /** Whether the records of the home may be written: the lock file is still there. */
  get holdsLock(): boolean {
    return fileIdentity(this.#paths.supervisorLock) === this.#lock;
  }

  /** Whether the home is the one that was taken. */
  get hasHome(): boolean {
    return fileIdentity(this.#paths.home) === this.#home;
  }

  /** Whether the endpoint file is the one that this supervisor has written. */
  get hasEndpoint(): boolean {
    return fileIdentity(this.#paths.supervisorEndpoint) === this.#endpoint;
  }

  /** Starts to watch, after the endpoint file was written. */
  watch(): void {
    const { home, supervisorFolder, supervisorEndpoint } = this.#paths;
    this.#endpoint = fileIdentity(supervisorEndpoint);
    try {
      this.#watcher = Deno.watchFs([home, supervisorFolder], { recursive: false });
      this.#listen(this.#watcher);
    } catch {
      // The limit of watches is reached, or this file system has none: the periodic checks remain.
    }
    this.check();
  }

  /**
   * Checks within each second from now on, or not any more. The system does not report everything: not what
   * is done over a network, and not that a folder above the home was renamed.
   *
   * @param isBusy Whether there is something to supervise.
   */
  poll(isBusy: boolean): void {
    if (isBusy) this.#timer ??= setInterval(() => this.check(), CHECK_MS);
    else this.#stopTimer();
  }

  /** Checks now: the endpoint file only once it was written. */
  check(): void {
    if (this.lost.aborted) return;
    const { home, supervisorLock, supervisorEndpoint } = this.#paths;
    const changed = !this.hasHome
      ? home
      : fileIdentity(supervisorLock) !== this.#lock
      ? supervisorLock
      : this.#endpoint === null || this.hasEndpoint
      ? null
      : supervisorEndpoint;
    if (changed === null) return;
    const isGone = fileIdentity(changed) === null;
    this.#lost.abort(homeLost(home, changed, isGone ? "was removed" : "was replaced"));
  }

  /**
   * Says in the home why its supervisor has ended, if its log is another file by now. A home that was
   * removed is not made again, but the next command may do that at once.
   *
   * @param running Names of the launches that keep running.
   * @returns The error to end with.
   */
  async farewell(running: readonly string[]): Promise<HaleError> {
    const { message, fields } = this.lost.reason as HaleError;
    const names = running.length === 0
      ? ""
      : ` Running: ${running.join(", ")}. ${
        this.hasHome
          ? "The next command starts a supervisor, which adopts them"
          : "No supervisor knows them any more: end them with `kill` before you start them again"
      }.`;
    const { supervisorFolder, supervisorLog } = this.#paths;
    for (let ms = 0; running.length > 0 && ms < FAREWELL_MS; ms += FAREWELL_PAUSE_MS) {
      if (fileIdentity(supervisorFolder) !== null) break;
      await delay(FAREWELL_PAUSE_MS);
    }
    const isOther = fileIdentity(supervisorLog) !== this.#log;
    if (isOther) tryAppend(supervisorLog, `${new Date().toISOString()}  ${message}${names}\n`);
    return new HaleError("store_missing", message + names, { fields: { ...fields, running } });
  }

  [Symbol.dispose](): void {
    this.#stopTimer();
    this.#watcher?.close();
    this.#watcher = null;
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  async #listen(watcher: Deno.FsWatcher): Promise<void> {
    try {
      for await (const _ of watcher) this.check();
    } catch {
      // The watcher failed: the periodic checks remain.
    }
  }
}

/** Appends to a log whose folder exists. Never creates the folder of a home that was removed. */
function tryAppend(path: string, text: string): void {
  try {
    Deno.writeTextFileSync(path, text, { append: true, mode: 0o600 });
  } catch {
    // Standard error has the message too.
  }
}

function homeLost(home: string, path: string, what: string): HaleError {
  return new HaleError(
    "store_missing",
    `${path} ${what} while the supervisor (pid ${Deno.pid}) was using the home ${home}. It starts, ` +
      "stops and records nothing any more, and exits. Its services keep running.",
    { fields: { home, path, pid: Deno.pid } },
  );
}
