/**
 * What both platforms speak of.
 *
 * @module
 */

/** One process, as the system's process table shows it. */
export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  /** Process group; the pid itself where the system has none. */
  readonly group: number;
  readonly session: number;
  /** Whether it has ended and only waits to be reaped. A zombie is dead. */
  readonly zombie: boolean;
  /** In the platform's own unit: equal for the same process, never computed with. */
  readonly startTime: string;
  /** Name or command line, for people. */
  readonly command: string;
}

/** The processes that a launch consists of. */
export interface LaunchMembers {
  /** Those that a signal to the group reaches. */
  readonly group: readonly ProcessInfo[];
  /** Descendants that left the group. */
  readonly escaped: readonly ProcessInfo[];
}

/** What the launcher says of a launch before the program runs. */
export interface PidFile {
  readonly pid: number;
  /** Null where the platform's launcher cannot tell: ask the process table. */
  readonly startTime: string | null;
  readonly bootId: string | null;
}

/** A program to start so that it outlives its starter. */
export interface DetachedPlan {
  /** Absolute path of the executable. */
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment: nothing is inherited beside it. */
  readonly env: Readonly<Record<string, string>>;
  /** Files that the output is appended to. */
  readonly stdoutPath: string;
  readonly stderrPath: string;
  /** Written before the program runs; must not exist. Null: no pid file. */
  readonly pidPath: string | null;
  readonly memoryBytes: number | null;
  readonly openFiles: number | null;
  /** Octal digits. */
  readonly umask: string | null;
  /** Added to the niceness of this program. */
  readonly nice: number | null;
}

/** A process that was just started. Dropping it does not stop the process. */
export interface Detached {
  readonly pid: number;
  /** Settles when the process ends, without polling. */
  readonly status: Promise<{ code: number | null; signal: string | null }>;
  /** Lets this program end while the process runs on. */
  unref(): void;
}
