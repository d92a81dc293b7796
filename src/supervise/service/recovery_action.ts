import type { LaunchRecord, ProcessIdentity } from "../../model/service_state.ts";
import type { ServiceSnapshot } from "../../model/snapshots.ts";

/** How a supervisor goes on with a service that another one left. */
export type RecoveryAction =
  /** Its process runs: it is taken over. */
  | { readonly kind: "adopt"; readonly launch: LaunchRecord; readonly identity: ProcessIdentity }
  /** Its process is gone, and nobody saw how: the restart policy decides. */
  | { readonly kind: "finish"; readonly launch: LaunchRecord }
  /** Somebody else runs it: it is watched again. */
  | { readonly kind: "watch" }
  /** It was about to be launched. */
  | { readonly kind: "launch" }
  /** It was being stopped, and is gone. */
  | { readonly kind: "settle" }
  /** What it waited for has come, or somebody's wish is still to be carried out. */
  | { readonly kind: "feed"; readonly event: "start" | "stop" | "pause_over" }
  | { readonly kind: "nothing" };

/**
 * Decides how to go on with a service from what is on record of it.
 *
 * @param snapshot The record.
 * @param running Its process, where that is proven to run.
 * @returns What to do.
 */
export function recoveryAction(
  { state, desired, launch }: Pick<ServiceSnapshot, "state" | "desired" | "launch">,
  running: ProcessIdentity | null,
): RecoveryAction {
  if (launch !== null && running !== null) return { kind: "adopt", launch, identity: running };
  if (state === "unmanaged") return { kind: desired === "running" ? "watch" : "nothing" };
  if (desired === "stopped" && state !== "stopping") return { kind: "feed", event: "stop" };
  if (launch !== null) return { kind: "finish", launch };
  switch (state) {
    case "starting":
      return { kind: "launch" };
    case "stopping":
      return { kind: "settle" };
    case "backoff":
      return { kind: "feed", event: "pause_over" };
    case "stopped":
      return { kind: "feed", event: "start" };
    default:
      return { kind: "nothing" };
  }
}
