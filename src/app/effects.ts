/**
 * The real processes, checks and clocks, for supervision.
 *
 * @module
 */

import { tailLines } from "../logs/tail_lines.ts";
import { pollHealth } from "../health/poll_health.ts";
import { watchHealth } from "../health/watch_health.ts";
import { signalGroup } from "../platform/mod.ts";
import { stillRunning } from "../spawn/identify.ts";
import { identityFromPidFile, launch } from "../spawn/launch.ts";
import { stopGroup } from "../spawn/stop_group.ts";
import { AdoptedWatch } from "../supervise/adopted_watch.ts";
import type { Effects } from "../supervise/effects.ts";
import { portTaken } from "./port_owner.ts";

/**
 * Everything that supervision does to the world.
 *
 * @returns The effects; one set for a supervisor.
 */
export function realEffects(): Effects {
  const adopted = new AdoptedWatch(stillRunning);
  return {
    launch,
    identityFromPidFile,
    stopGroup,
    pollHealth,
    watchHealth,
    portTaken,
    signalLeftovers: signalGroup,
    adoptedEnd: (identity, signal) => adopted.ended(identity, signal),
    tail: (path, from) => tailLines(path, SHOWN_LINES, { from }).lines,
    now: () => performance.now(),
    random: Math.random,
  };
}

/** As many as fit into an error message. */
const SHOWN_LINES = 10;
