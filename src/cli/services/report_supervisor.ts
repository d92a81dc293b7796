import type { AppContext } from "../../app/context.ts";
import {
  ensureSupervisor,
  type SupervisorPresence,
} from "../../app/supervisor/ensure_supervisor.ts";
import type { Output } from "../output/output.ts";
import { renderDuration } from "../render/duration.ts";

/** The start of a supervisor takes less than this, in milliseconds. */
const STARTING_MS = 3_000;

/**
 * Starts a supervisor in the background if services need one and none is running, and reports it in one
 * line. Commands that only read call this: without a supervisor nothing restarts the services.
 *
 * @param context Home and environment.
 * @param output Receives the line on standard error.
 * @returns What was found and done.
 */
export async function reportSupervisor(
  context: AppContext,
  output: Output,
): Promise<SupervisorPresence> {
  const presence = await ensureSupervisor(context);
  const text = renderPresence(presence, context.paths.supervisorLog);
  if (text !== null) output.warn(text);
  return presence;
}

/**
 * Makes a function that does what {@linkcode reportSupervisor} does, for commands that call it again and
 * again: it says what is new, and does not repeat that a supervisor has not responded yet.
 *
 * @param context Home and environment.
 * @param output Receives the lines on standard error.
 * @returns The function.
 */
export function supervisorReporter(context: AppContext, output: Output): () => Promise<void> {
  let last: string | null = null;
  return async () => {
    const presence = await ensureSupervisor(context);
    const isStarting = presence.kind === "pending" && presence.sinceMs < STARTING_MS;
    const isKnown = isStarting ? last === "started" : presence.kind === last;
    last = isStarting ? "started" : presence.kind;
    const text = renderPresence(presence, context.paths.supervisorLog);
    if (text !== null && !isKnown) output.warn(text);
  };
}

function renderPresence(presence: SupervisorPresence, log: string): string | null {
  switch (presence.kind) {
    case "present":
    case "not_needed":
      return null;
    case "started":
      return presence.again
        ? `No supervisor was running, and the last one that was started did not respond (see ${log}). ` +
          "Another one was started in the background."
        : "No supervisor was running. One was started in the background: it adopts the services that " +
          "run and applies the restart policy to those that ended.";
    case "pending":
      return presence.sinceMs < STARTING_MS
        ? "No supervisor was running; one is starting in the background."
        : `No supervisor is running: one was started ${renderDuration(presence.sinceMs)} ago and ` +
          `has not responded (see ${log}). Until one responds, no service is restarted.`;
    case "unavailable":
      return "No supervisor is running, so no service is restarted, and none could be started: " +
        presence.reason;
  }
}
