import type { ServiceSpec } from "../../model/service_spec.ts";
import type { LaunchRecord } from "../../model/service_state.ts";
import type { NamedProcess, Survivor } from "../../model/survivor.ts";
import type { Effects, ServicePaths } from "../effects.ts";

/** What a launch uses of its service. */
export interface LaunchContext {
  readonly spec: ServiceSpec;
  readonly paths: ServicePaths;
  readonly env: Readonly<Record<string, string>>;
  readonly effects: Effects;
  /** Called when the group was killed, with what it outlived, such as `5s after SIGTERM`. */
  readonly onKilled: (
    launch: { readonly pid: number; readonly record: LaunchRecord },
    outlived: string,
  ) => void;
  /** Called when the launch exited by itself and left processes behind, which are ended now. */
  readonly onLeftovers: (leftovers: readonly NamedProcess[]) => void;
  /** Called with what could not be ended, each time that it was tried. */
  readonly onSurvivors: (survivors: readonly Survivor[]) => void;
  /** Called with errors that supervision continues without. */
  readonly onProblem: (error: unknown) => void;
}
