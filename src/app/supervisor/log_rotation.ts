/**
 * Keeping the logs of what a supervisor runs within their limits.
 *
 * @module
 */

import { type HeldLog, LogRotator } from "../../logs/rotate/log_rotator.ts";
import { signalProcess } from "../../spawn/signal_process.ts";
import type { SupervisedRuntime } from "../../supervise/runtime/runtime.ts";
import type { SupervisedService } from "../../supervise/service/service.ts";

/** The supervisor's side of {@linkcode rotateLogs}. */
export interface LogOwner {
  readonly runtimes: readonly SupervisedRuntime[];
}

/**
 * Makes the keeper of the logs of a home. It looks after them from its start on.
 *
 * @param owner The supervisor, once there is one.
 * @param onProblem Told of a log that cannot be rotated.
 * @returns The keeper; to be started, and disposed of.
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
      notReopened: () =>
        runtime.records.appendEvent({
          type: "diagnostic",
          service: service.name,
          code: "log_not_reopened",
          message:
            `${service.name} did not open ${path} anew on ${limits.reopen_signal}: until its ` +
            "next launch its logs are copied and truncated. Check logs.reopen_signal.",
        }),
    };
  }
}
