/**
 * The effects of supervision: processes, health checks and clocks.
 *
 * @module
 */

import type { LogRotator } from "../../logs/rotate/log_rotator.ts";
import { ensurePrivateFolder } from "../../files/private_folder.ts";
import { regularFile } from "../../files/regular_file.ts";
import { pollHealth } from "../../health/poll.ts";
import { watchHealth } from "../../health/watch.ts";
import { writersOf } from "../../platform/mod.ts";
import { dirname } from "../../platform/path.ts";
import { LaunchCheck } from "../../resolve/cache/check_launch.ts";
import { claimPidFile } from "../../spawn/claim_pid_file.ts";
import { endLeftovers } from "../../spawn/end_leftovers.ts";
import { stillRunning } from "../../spawn/identify.ts";
import { launch } from "../../spawn/launch.ts";
import { runStopCommand } from "../../spawn/run_stop_command.ts";
import { LaunchTrace } from "../../spawn/launch_trace.ts";
import { stopLaunch } from "../../spawn/stop_launch.ts";
import { AdoptedProcessPoller } from "../../supervise/launch/adopted_process_poller.ts";
import type { Effects } from "../../supervise/effects.ts";
import type { DeniesService } from "../governance/enforce_policy.ts";
import { portHeldByOlder, portTaken } from "./port_owner.ts";

/**
 * Creates the effects of a supervisor on the system.
 *
 * @param denied Asks the policy whether a service is denied.
 * @param logs Rotates the logs.
 * @param cacheDir The cache of verified executables.
 * @returns The effects; create them once per supervisor.
 */
export function realEffects(denied: DeniesService, logs: LogRotator, cacheDir: string): Effects {
  const adopted = new AdoptedProcessPoller(stillRunning);
  const launches = new LaunchCheck(cacheDir);
  return {
    launch,
    claimPidFile,
    traceLaunch: (id, options) => new LaunchTrace(id, options),
    stopLaunch,
    endLeftovers,
    runStopCommand,
    pollHealth,
    watchHealth,
    policyDenial: denied,
    checkBinary: (path) => launches.check(path),
    portTaken,
    portHeldByOlder,
    writersOf,
    adoptedExit: (identity, signal) => adopted.exited(identity, signal),
    pollAdopted: () => adopted.poll(),
    prepareLogs: ({ stdout, stderr, launches }, limits) => {
      // Made again if a person has removed them since the last launch.
      ensurePrivateFolder(dirname(stdout), "create the folder of the logs");
      ensurePrivateFolder(launches, "create the folder of the launches");
      // The launcher would wait for a reader of a named pipe.
      for (const path of [stdout, stderr]) regularFile(path);
      return { stdout: logs.prepare(stdout, limits), stderr: logs.prepare(stderr, limits) };
    },
    offsetInLog: (path, byte) => logs.offsetOf(path, byte),
    tail: (path, from) => logs.tail(path, SHOWN_LINES, from),
    now: () => performance.now(),
    after: (ms, act) => {
      const timer = setTimeout(act, ms);
      return () => clearTimeout(timer);
    },
    random: Math.random,
  };
}

/** Lines of a log that an error message shows. */
const SHOWN_LINES = 10;
