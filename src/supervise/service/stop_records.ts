import type { NamedProcess, Survivor } from "../../model/survivor.ts";
import type { ServiceSnapshot } from "../../model/snapshots.ts";
import type { RuntimeRecords } from "../effects.ts";
import { nameProcesses, nameSurvivors } from "../exit/name_processes.ts";
import { type StopReport, stopReport } from "../launch/stop_report.ts";
import type { Cleanup } from "../launch/stop_until_empty.ts";
import type { ServiceAudit } from "./service_audit.ts";

/** What {@linkcode StopRecords} uses of the runtime. */
export interface StopContext {
  readonly records: Pick<RuntimeRecords, "appendEvent">;
  /** Called after a change is recorded. */
  changed(): void;
}

/** Records what had to be killed at the end of a launch, and what could not be ended. */
export class StopRecords {
  /** How the last launch ended, or how far its stop has come; null while there is nothing to report. */
  report: StopReport | null = null;
  readonly #context: StopContext;
  readonly #audit: Pick<ServiceAudit, "killFailed">;
  readonly #snapshot: () => ServiceSnapshot;

  /**
   * @param context Where to record.
   * @param options The audit records of the service, and its current snapshot.
   */
  constructor(
    context: StopContext,
    options: {
      readonly audit: Pick<ServiceAudit, "killFailed">;
      readonly snapshot: () => ServiceSnapshot;
    },
  ) {
    this.#context = context;
    this.#audit = options.audit;
    this.#snapshot = options.snapshot;
  }

  /** Keeps how a launch ended, and emits an event about what had to be killed. */
  stopped(cleanup: Cleanup): void {
    const { killed } = this.report = stopReport(this.#snapshot().spec, cleanup);
    if (killed !== null) this.#diagnose("killed", `${this.#name} ${killed}.`);
  }

  /** Keeps what could not be ended. Emits an event if it has changed since the last attempt. */
  survived(survivors: readonly Survivor[]): void {
    const names = nameSurvivors(survivors);
    if (names === nameSurvivors(this.report?.survivors ?? [])) return;
    this.report = { killed: null, survivors };
    this.#audit.killFailed(this.#snapshot().launch, names);
    const message =
      `${this.#name} left processes that could not be ended and are still running: ${names}`;
    this.#diagnose("survivors_left", message);
  }

  /** Emits a diagnostic event about processes that outlived their launch. */
  leftBehind(leftovers: readonly NamedProcess[]): void {
    const names = nameProcesses(leftovers);
    this.#diagnose(
      "leftovers",
      `${this.#name} exited and left processes. hale ends them: ${names}`,
    );
  }

  #diagnose(code: string, message: string): void {
    this.#context.records.appendEvent({ type: "diagnostic", service: this.#name, code, message });
    this.#context.changed();
  }

  get #name(): string {
    return this.#snapshot().service_id;
  }
}
