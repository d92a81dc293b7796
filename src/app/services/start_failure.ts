import { type ErrorRecord, HaleError } from "../../errors.ts";
import type { ServiceStatus } from "../../model/service_state.ts";
import { formatDuration } from "../../text/format_duration.ts";
import { nameSurvivors, survivorAdvice } from "../../supervise/exit/name_processes.ts";
import type { Settlement } from "./settlement.ts";

/** What is known of a service at the end of the wait. */
export interface StartOutcomeFacts {
  readonly settlement: Settlement;
  /** Whether another command has stopped it. */
  readonly stoppedByOther: boolean;
  /** Why its last launch failed; null if none has. */
  readonly lastFailure: ErrorRecord | null;
  /** How long the command waits for it, in milliseconds. */
  readonly limitMs: number;
}

/**
 * Returns why a service is not up.
 *
 * @param status Its status at the end of the wait.
 * @param facts What is known besides.
 * @returns The error; null if the service is up.
 */
export function startFailure(status: ServiceStatus, facts: StartOutcomeFacts): HaleError | null {
  const { settlement, stoppedByOther } = facts;
  if (settlement === "up") return null;
  if (settlement === "pending") return stillPending(status, facts);
  const { name, state, health, reason, survivors = [] } = status;
  if (survivors.length > 0) {
    return new HaleError(
      "survivors_left",
      `${name} was not started, because processes of its last launch could not be ended: ` +
        `${nameSurvivors(survivors)}. ${survivorAdvice(survivors)} hale starts ${name} when they ` +
        "have exited.",
      { fields: { service: name, survivors } },
    );
  }
  if (stoppedByOther && state === "stopped") {
    return new HaleError(
      "not_running",
      `Another command stopped ${name} while it was starting. Start it again with ` +
        `\`hale start ${name}\`.`,
      { fields: { service: name } },
    );
  }
  if (state === "stopped") {
    return new HaleError(
      "service_exited",
      `${name} finished (${exitOf(status)}) and is not restarted. If it is meant to exit, ` +
        'set `restart = "never"`; if it is a server, run it in the foreground.',
      { fields: { service: name, exit_code: status.exit_code } },
    );
  }
  if (state === "unmanaged") {
    return new HaleError(
      "not_healthy_in_time",
      `${name} is ${health}, and hale does not start it (it is unmanaged). Start it yourself.`,
      { fields: { service: name, health } },
    );
  }
  if (reason !== null) return HaleError.fromJSON(reason);
  const what = state === "crashed" ? "has failed" : `is ${state}`;
  return new HaleError("service_exited", `${name} ${what}.`, { fields: { service: name } });
}

/** How it exited. The status is unknown if no supervisor was running. */
function exitOf({ exit_code, signal }: ServiceStatus): string {
  return exit_code !== null ? `exit code ${exit_code}` : signal ?? "exit status unknown";
}

function stillPending(
  status: ServiceStatus,
  { lastFailure, limitMs }: StartOutcomeFacts,
): HaleError {
  const { name, state, health, waiting_for, health_detail } = status;
  if (state === "running" && health === "unhealthy") {
    const detail = health_detail === null ? "" : `: ${health_detail}`;
    return new HaleError(
      "not_healthy_in_time",
      `${name} is running, but is still unhealthy after ${formatDuration(limitMs)}${detail}. ` +
        `It was not stopped. See \`hale status\` and \`hale logs ${name}\`.`,
      { fields: { service: name, state, health } },
    );
  }
  if (state === "running" && health_detail !== null) {
    return new HaleError(
      "not_healthy_in_time",
      `${name} is running, but its health is unknown after ${formatDuration(limitMs)}: ` +
        `${health_detail}. It was not stopped. See \`hale status\` and \`hale logs ${name}\`.`,
      { fields: { service: name, state } },
    );
  }
  if (waiting_for !== null) {
    return new HaleError(
      "dependency_failed",
      `${name} was not started yet: it waits for ${waiting_for}. hale starts it as soon as it can; ` +
        `\`hale stop ${name}\` ends the wait.`,
      { fields: { service: name, waiting_for } },
    );
  }
  // A restart that the machine could not carry out is no event of this start.
  const failure = lastFailure ?? (state === "backoff" ? status.reason : null);
  if (failure !== null) {
    const { code, message, fields } = HaleError.fromJSON(failure);
    const next = state === "stopping"
      ? "hale is stopping it."
      : `hale keeps trying to start it: see \`hale status\`, or stop it with ` +
        `\`hale stop ${name}\`.`;
    return new HaleError(code, `${message} ${next}`, { fields });
  }
  return new HaleError(
    "not_healthy_in_time",
    `${name} is still ${state} after ${formatDuration(limitMs)}. ` +
      `It was not stopped. See \`hale status\` and \`hale logs ${name}\`, or wait longer with ` +
      "--timeout.",
    { fields: { service: name, state } },
  );
}
