import type { Effects, RuntimeRecords } from "../effects.ts";
import type { PreflightContext } from "./preflight.ts";

/** What a service asks of the runtime it belongs to. */
export interface ServiceContext extends PreflightContext {
  readonly effects: Effects;
  readonly records: RuntimeRecords;
  /** Something about the service has changed and is recorded. */
  changed(): void;
}
