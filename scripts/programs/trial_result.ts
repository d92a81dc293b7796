import type { Untrue } from "./untrue.ts";

/** A word that was not true, and the step in which it was said. */
export interface UntrueInStep extends Untrue {
  readonly step: string;
}

/** A process that should not be there any more. */
export interface LeftProcess {
  readonly step: string;
  /** Pid and command. */
  readonly process: string;
}

/** How a program went through the steps. A step that was not reached is null. */
export interface TrialResult {
  readonly program: string;
  readonly version: string | null;
  /** Why it could not be tried; null if it was. */
  notInstalled: string | null;
  /** Why the trial itself broke off; null if it did not. */
  broken: string | null;
  up: string | null;
  killLeader: string | null;
  /** Processes of the killed launch that still ran when its successor was launched, or for good. */
  orphans: number | null;
  killChild: string | null;
  restart: string | null;
  down: string | null;
  /** Longest time between two reads of the process table, in milliseconds. */
  blindMs: number | null;
  readonly left: LeftProcess[];
  readonly untrue: UntrueInStep[];
}

/**
 * Makes the result of a trial that has not begun.
 *
 * @param program Name of the program.
 * @param version Its version, if known.
 * @returns The result.
 */
export function newResult(program: string, version: string | null): TrialResult {
  return {
    ...{ program, version, notInstalled: null, broken: null, up: null, killLeader: null },
    ...{
      orphans: null,
      killChild: null,
      restart: null,
      down: null,
      blindMs: null,
      left: [],
      untrue: [],
    },
  };
}
