import type { Effects, RuntimeRecords } from "../effects.ts";
import type { PreflightContext } from "./preflight.ts";

/** What a service uses of its runtime. */
export interface ServiceContext extends PreflightContext {
  readonly effects: Effects;
  readonly records: RuntimeRecords;
  /** Called after a change of the service is recorded. */
  changed(): void;
}
