/**
 * Types shared by the platform files.
 *
 * @module
 */

/** One entry of the process table. */
export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  /** Process group id; the pid itself if the system has no process groups. */
  readonly group: number;
  readonly session: number;
  /** Whether the process has exited and waits to be reaped. */
  readonly zombie: boolean;
  /** Whether a signal such as SIGSTOP has suspended it. */
  readonly suspended: boolean;
  /** In a platform-specific unit. Compared for equality only. */
  readonly startTime: string;
  /** Name or command line, for messages. */
  readonly command: string;
}

/** Result of a signal to a group. `denied`: it has members, but none that this user may signal. */
export type GroupSignal = "sent" | "none" | "denied";

/** The processes of a launch. */
export interface LaunchMembers {
  /** Members of the launch's process group. */
  readonly group: readonly ProcessInfo[];
  /** Descendants that left the group. */
  readonly escaped: readonly ProcessInfo[];
}

/** The process table, and which processes prove by a mark that they belong to a launch. */
export interface ProcessSurvey {
  readonly table: readonly ProcessInfo[];
  /**
   * Ids of launches, by pid: `HALE_LAUNCH` in the environment, or the launch's pid file open for
   * writing only, which only the launcher does and its descendants inherit.
   */
  readonly launchesOf: ReadonlyMap<number, ReadonlySet<string>>;
}

/** Contents of a pid file, which the launcher writes before the program runs. */
export interface PidFile {
  readonly pid: number;
  /** Null if the launcher could not read it. */
  readonly startTime: string | null;
  readonly bootId: string | null;
  /** The earliest and the latest possible start time, if the launcher knows only these. */
  readonly startedBetween: readonly [string, string] | null;
  /** Null unless the launcher failed. */
  readonly failure: LauncherFailure | null;
}

/** Why a launcher did not run its program. */
export interface LauncherFailure {
  /** Its exit status, see `launcher_status.ts`. */
  readonly status: number;
  /** Whether another process had the executable open for writing. */
  readonly busy: boolean;
}

/** A program to start detached from its parent. */
export interface DetachedPlan {
  /** Absolute path of the executable. */
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment, to which `PWD` is added; nothing else is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Files that the output is appended to. */
  readonly stdoutPath: string;
  readonly stderrPath: string;
  /** Pid file, written before the program runs. It must not exist. Null: none. */
  readonly pidPath: string | null;
  /** Limit of the data segment: heap, anonymous and private writable mappings. */
  readonly memoryBytes: number | null;
  readonly openFiles: number | null;
  /**
   * `default`: niceness 0 and the limits of the system, as far as this user may set them, whatever this
   * process inherited. @default those of this process
   */
  readonly limits?: "default";
  /** Octal digits. */
  readonly umask: string | null;
  /** Added to the niceness of this process. */
  readonly nice: number | null;
}

/** A detached process. Dropping this object does not stop the process. */
export interface Detached {
  readonly pid: number;
  /** Resolves when the process exits, without polling. */
  readonly status: Promise<{ code: number | null; signal: string | null }>;
  /** Allows this program to exit while the process is running. */
  unref(): void;
}
