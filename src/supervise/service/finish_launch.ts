import type { Exit } from "../../model/service_state.ts";
import { interpreterOf } from "../../platform/processes/interpreter_of.ts";
import type { EndedLaunch } from "../launch/launch_end.ts";
import { backgroundError } from "../exit/background_error.ts";
import { couldNotRun } from "../exit/exit_error.ts";
import type { Effects } from "../effects.ts";
import { decideRestart, type ExitDecision } from "../exit/decide_restart.ts";
import { stripLauncherOutput } from "../exit/strip_launcher_output.ts";
import type { ServiceRecord } from "./service_record.ts";

/**
 * Records the exit of a launch and decides whether the service is restarted.
 *
 * @param record The record of the service.
 * @param ended The launch.
 * @param exit Its exit.
 * @param effects Time and randomness.
 * @returns The decision; `done` if the service was being stopped.
 */
export function finishLaunch(
  record: ServiceRecord,
  ended: EndedLaunch,
  exit: Exit,
  effects: Pick<Effects, "now" | "random">,
): ExitDecision {
  const { record: launch, ranMs, readyMs, giveUpReason: cause, failedLauncher } = ended;
  const stderr = stripLauncherOutput(record.stderrTail(launch), failedLauncher);
  const ran_ms = ranMs === null ? null : Math.round(ranMs);
  // Else an earlier supervisor was killed after it had recorded the exit.
  if (!record.audit.recorded.exited.has(launch.id)) {
    const entry = { type: "exited", launch: launch.id, exit, ran_ms, stderr } as const;
    record.audit.exited(launch, exit, { transcript: record.appendTranscript(entry) });
  }
  const { state, desired } = record.snapshot;
  // hale stops a launch that it gave up on, which is no request to stop the service.
  const gaveUp = cause !== null && desired === "running";
  if (state === "stopping" && !gaveUp) return { kind: "done" };
  if (cause === null && ended.background.length > 0) {
    return { kind: "final", reason: backgroundError(record.snapshot.spec, ended, stderr) };
  }
  const interpreter = couldNotRun(exit) ? interpreterOf(launch.binary) : null;
  return decideRestart(
    record.snapshot.spec,
    record.history,
    {
      record: launch,
      ranMs: ranMs ?? 0,
      readyMs,
      cause,
      exit,
      stderr,
      failedLauncher,
      interpreter,
    },
    { now: effects.now(), random: effects.random() },
  );
}
