/**
 * The real processes, checks and clocks, for supervision.
 *
 * @module
 */

import type { LogKeeper } from "../logs/log_keeper.ts";
import { pollHealth } from "../health/poll_health.ts";
import { watchHealth } from "../health/watch_health.ts";
import { signalGroup } from "../platform/mod.ts";
import { LaunchCheck } from "../resolve/check_launch.ts";
import { claimPidFile } from "../spawn/claim_pid_file.ts";
import { groupLeftBehind } from "../spawn/group_left_behind.ts";
import { stillRunning } from "../spawn/identify.ts";
import { launch } from "../spawn/launch.ts";
import { runStopCommand } from "../spawn/run_stop_command.ts";
import { stopGroup } from "../spawn/stop_group.ts";
import { AdoptedWatch } from "../supervise/adopted_watch.ts";
import type { Effects } from "../supervise/effects.ts";
import type { DeniesService } from "./enforce_policy.ts";
import { portHeldByOlder, portTaken } from "./port_owner.ts";

/**
 * Everything that supervision does to the world.
 *
 * @param denied Asks the policy.
 * @param logs Keeps the logs.
 * @param cacheDir Where verified executables are.
 * @returns The effects; one set for a supervisor.
 */
export function realEffects(denied: DeniesService, logs: LogKeeper, cacheDir: string): Effects {
  const adopted = new AdoptedWatch(stillRunning);
  const launches = new LaunchCheck(cacheDir);
  return {
    launch,
    claimPidFile,
    groupLeftBehind,
    stopGroup,
    runStopCommand,
    pollHealth,
    watchHealth,
    denied,
    checkBinary: (path) => launches.check(path),
    portTaken,
    portHeldByOlder,
    signalLeftovers: signalGroup,
    adoptedEnd: (identity, signal) => adopted.ended(identity, signal),
    lookAtAdopted: () => adopted.look(),
    prepareLogs: ({ stdout, stderr }, limits) => ({
      stdout: logs.prepare(stdout, limits),
      stderr: logs.prepare(stderr, limits),
    }),
    offsetInLog: (path, byte) => logs.offsetOf(path, byte),
    tail: (path, from) => logs.tail(path, SHOWN_LINES, from),
    now: () => performance.now(),
    random: Math.random,
  };
}

/** As many as fit into an error message. */
const SHOWN_LINES = 10;
