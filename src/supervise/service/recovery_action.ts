import type { LaunchRecord, ProcessIdentity } from "../../model/service_state.ts";
import type { ServiceSnapshot } from "../../model/snapshots.ts";

/** How a supervisor resumes a service of an earlier supervisor. */
export type RecoveryAction =
  /** Its process is running: adopt it. */
  | { readonly kind: "adopt"; readonly launch: LaunchRecord; readonly identity: ProcessIdentity }
  /** Its process exited unobserved: record the exit and apply the restart policy. */
  | { readonly kind: "record_exit"; readonly launch: LaunchRecord }
  /** It is unmanaged: monitor its health. */
  | { readonly kind: "monitor" }
  /** It was about to be launched: launch it. */
  | { readonly kind: "launch" }
  /** It was being stopped and its process is gone: complete the stop. */
  | { readonly kind: "complete_stop" }
  /** Its state and desired state differ: dispatch the event that leads to the desired state. */
  | { readonly kind: "dispatch"; readonly event: "start" | "stop" | "pause_over" }
  | { readonly kind: "none" };

/**
 * Decides how to resume a service, from its snapshot.
 *
 * @param snapshot The snapshot.
 * @param running The process of its launch; null unless it is proven to be running.
 * @returns The action.
 */
export function recoveryAction(
  { state, desired, launch }: Pick<ServiceSnapshot, "state" | "desired" | "launch">,
  running: ProcessIdentity | null,
): RecoveryAction {
  if (launch !== null && running !== null) return { kind: "adopt", launch, identity: running };
  if (state === "unmanaged") return { kind: desired === "running" ? "monitor" : "none" };
  if (desired === "stopped" && state !== "stopping") return { kind: "dispatch", event: "stop" };
  if (launch !== null) return { kind: "record_exit", launch };
  switch (state) {
    case "starting":
      return { kind: "launch" };
    case "stopping":
      return { kind: "complete_stop" };
    case "backoff":
      return { kind: "dispatch", event: "pause_over" };
    case "stopped":
      return { kind: "dispatch", event: "start" };
    default:
      return { kind: "none" };
  }
}
