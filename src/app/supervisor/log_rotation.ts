/**
 * Rotates the logs of supervised services.
 *
 * @module
 */

import { type HeldLog, LogRotator } from "../../logs/rotate/log_rotator.ts";
import { findRemovedLogs, openLogs } from "../../logs/layout/removed_logs.ts";
import type { LaunchRecord } from "../../model/service_state.ts";
import { signalProcess } from "../../spawn/signals.ts";
import type { SupervisedRuntime } from "../../supervise/runtime/runtime.ts";
import type { SupervisedService } from "../../supervise/service/service.ts";

/** The part of a supervisor that {@linkcode rotateLogs} uses. */
export interface LogOwner {
  readonly runtimes: readonly SupervisedRuntime[];
}

/**
 * Creates the log rotator of a home.
 *
 * @param owner Returns the supervisor. Called after the rotator was started.
 * @param onProblem Called for a log that cannot be rotated.
 * @returns The rotator; the caller starts it and disposes of it.
 */
export function rotateLogs(
  owner: () => LogOwner,
  onProblem: (path: string, error: unknown) => void,
): LogRotator {
  return new LogRotator({
    *held() {
      for (const runtime of owner().runtimes) {
        for (const service of runtime.services) yield* heldBy(service, runtime);
      }
    },
    onProblem,
  });
}

function* heldBy(service: SupervisedService, runtime: SupervisedRuntime): Generator<HeldLog> {
  const launch = service.logging;
  if (launch === null) return;
  const { stdout, stderr } = runtime.records.paths(service.name);
  const limits = service.spec.logs;
  for (const path of [stdout, stderr]) {
    yield {
      path,
      limits,
      launch: launch.id,
      reopen: async (signal) =>
        launch.identity !== null && await signalProcess(launch.identity, signal),
      gone: () => reportGone({ path, launch, service, runtime }),
      notReopened: () =>
        runtime.records.appendEvent({
          type: "diagnostic",
          service: service.name,
          code: "log_not_reopened",
          message:
            `${service.name} did not reopen ${path} after ${limits.reopen_signal}. Until its next ` +
            "launch, hale rotates the log by copying and truncating it. Check `logs.reopen_signal`.",
        }),
    };
  }
}

/** Emits an event if the program still writes to a file that was removed. */
async function reportGone(
  { path, launch, service, runtime }: {
    path: string;
    launch: LaunchRecord;
    service: SupervisedService;
    runtime: SupervisedRuntime;
  },
): Promise<void> {
  if (launch.identity === null) return;
  const logs = openLogs(launch.identity, runtime.records.paths(service.name));
  const removed = await findRemovedLogs(logs.filter((log) => log.path === path));
  if (removed.length === 0) return;
  runtime.records.appendEvent({
    type: "diagnostic",
    service: service.name,
    code: "log_removed",
    message:
      `${path} was removed while ${service.name} runs. What it writes is lost when it exits; ` +
      `its next launch opens a new file (\`hale restart ${service.name}\`).`,
  });
}
