import type { HaleError } from "../../errors.ts";
import type { Actor, AuditAction } from "../../model/audit_record.ts";
import type { Exit, LaunchRecord } from "../../model/service_state.ts";
import type { ServiceSnapshot } from "../../model/snapshots.ts";
import { describeExit } from "../exit/exit_error.ts";
import type { RuntimeRecords, TranscriptEntry } from "../effects.ts";
import { ALL_RECORDED, type RecordedActs } from "../recorded_acts.ts";

/** A launch, as the audit log needs it. */
interface AuditedLaunch {
  readonly pid: number;
  readonly record: LaunchRecord;
}

/** The program of a launch, as the audit log records it. */
interface AuditedProgram {
  readonly pid?: number;
  readonly command?: string;
  readonly args?: readonly string[];
  /** Id of the launch. */
  readonly launch?: string;
}

/** An act that has an entry in the transcript. */
interface Transcribed {
  readonly transcript?: TranscriptEntry;
}

/** The start of a launch. */
interface LaunchActs extends Transcribed {
  /** Number of automatic restarts, including this one. */
  readonly restarts: number;
}

/**
 * Records the acts on one service in the audit log. Every launch has one record for its start (`start`,
 * `restart`, `auto-restart`) and one for its exit (`exit`). Other acts, such as `stop` and `kill`, have
 * records of their own. Each is in the file before the snapshot that depends on it.
 */
export class ServiceAudit {
  readonly #records: Pick<RuntimeRecords, "audit" | "flushAudit">;
  /** What an earlier supervisor has recorded of the service. */
  recorded: RecordedActs = ALL_RECORDED;
  readonly #snapshot: () => ServiceSnapshot;
  /** The requested launch that has not begun yet. */
  #request: { readonly action: "start" | "restart"; readonly actor: Actor | null } | null = null;
  /** The last recorded launch. Its arguments may differ from the current configuration. */
  #lastLaunch: { readonly launch: string; readonly program: AuditedProgram } | null = null;

  /**
   * @param records Where to record.
   * @param snapshot Returns the current snapshot of the service.
   */
  constructor(
    records: Pick<RuntimeRecords, "audit" | "flushAudit">,
    snapshot: () => ServiceSnapshot,
  ) {
    this.#records = records;
    this.#snapshot = snapshot;
  }

  /** Attributes the next launch to an actor. Null: hale itself. */
  requested(action: "start" | "restart", actor: Actor | null): void {
    this.#request = { action, actor };
  }

  /** Records the start of a launch. `restarts`: number of automatic restarts, including this one. */
  launched({ pid, record }: AuditedLaunch, { restarts, transcript }: LaunchActs): void {
    const { args, restart } = this.#snapshot().spec;
    const program = { pid, command: record.binary, args, launch: record.id };
    this.#lastLaunch = { launch: record.id, program };
    const request = this.#request;
    this.#request = null;
    if (request !== null) {
      this.#append(request.action, program, { actor: request.actor, transcript });
      return;
    }
    const reason = restarts > 0
      ? `restart ${restarts}, ${restart.policy}`
      : "resumed by a new supervisor";
    this.#append("auto-restart", program, { reason, transcript });
  }

  /** Records that the policy denied a start. */
  denied({ message }: HaleError, actor: Actor | null = this.#request?.actor ?? null): void {
    this.#request = null;
    const { spec: { args }, binary } = this.#snapshot();
    const program = { ...binary === null ? {} : { command: binary }, args };
    this.#append("policy-denied", program, { actor, reason: message });
  }

  /** Records a stop. `launch`: null if the service has no process. */
  stopped(
    launch: AuditedLaunch | null,
    details: { readonly actor: Actor | null; readonly reason?: string } & Transcribed,
  ): void {
    const program = launch === null ? {} : this.#programOf(launch.record, launch.pid);
    this.#append("stop", program, details);
  }

  /** Records that hale gave up on a launch and stops it, unless an earlier supervisor has. */
  gaveUp(launch: AuditedLaunch, reason: string): void {
    if (this.recorded.stopped.has(launch.record.id)) return;
    this.#append("stop", this.#programOf(launch.record, launch.pid), { reason });
  }

  /**
   * Records that a launch is killed, with what it outlived, such as `5s after SIGTERM`, unless an earlier
   * supervisor has. Called before the kill: the record is in the file when this returns.
   */
  killed({ record, pid }: AuditedLaunch, outlived: string): void {
    if (this.recorded.killed.has(record.id)) return;
    const reason = `still running ${outlived}`;
    this.#append("kill", this.#programOf(record, pid), { reason });
    this.#records.flushAudit();
  }

  /** Records that processes of a launch could not be ended. */
  killFailed(launch: LaunchRecord | null, reason: string): void {
    const program = launch === null ? {} : this.#programOf(launch, launch.identity?.pid);
    this.#append("kill-failed", program, { reason });
  }

  /** Records the adoption of a launch of an earlier supervisor. */
  adopted({ record, pid }: AuditedLaunch, transcribed: Transcribed): void {
    const program = this.#programOf(record, pid);
    this.#lastLaunch = { launch: record.id, program };
    this.#append("adopt", program, transcribed);
  }

  /** Records the exit of a launch, unless it never had a process. */
  exited(record: LaunchRecord, exit: Exit, { transcript }: Transcribed): void {
    const program = this.#programOf(record, record.identity?.pid);
    if (program.pid === undefined) return;
    this.#append("exit", program, { reason: describeExit(exit), transcript });
  }

  #programOf(record: LaunchRecord, pid: number | undefined): AuditedProgram {
    if (this.#lastLaunch?.launch === record.id) return this.#lastLaunch.program;
    const { spec: { args }, config_digest } = this.#snapshot();
    return {
      ...pid === undefined ? {} : { pid },
      command: record.binary,
      launch: record.id,
      // The arguments of an earlier configuration are not known.
      ...record.config_digest === config_digest ? { args } : {},
    };
  }

  #append(
    action: AuditAction,
    program: AuditedProgram,
    { actor = null, reason, transcript }: Transcribed & {
      readonly actor?: Actor | null;
      readonly reason?: string;
    },
  ): void {
    const { service_id: server } = this.#snapshot();
    this.#records.audit({ server, action, ...program, actor, reason }, transcript);
  }
}
