import { HaleError } from "../../src/errors.ts";
import type { Effects } from "../../src/supervise/effects.ts";

const refuse = () => {
  throw new HaleError("spawn_failed", "Nothing is launched while snapshots are checked.");
};

const never = () => new Promise<never>(() => {});

/** Effects of a supervisor that launches nothing. */
export const NO_PROCESSES: Partial<Effects> = {
  launch: refuse,
  runStopCommand: never,
  stopLaunch: never,
  endLeftovers: never,
  pollHealth: never,
  watchHealth: never,
  checkBinary: () => null,
  portTaken: () => Promise.resolve(null),
  portHeldByOlder: () => Promise.resolve(null),
  adoptedExit: never,
  after: () => () => {},
};
