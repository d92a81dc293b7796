import type { HaleError } from "../../errors.ts";
import type { Actor, AuditAction } from "../../model/audit_record.ts";
import { formatDuration } from "../../text/format_duration.ts";
import type { Exit, LaunchRecord } from "../../model/service_state.ts";
import type { ServiceSnapshot } from "../../model/snapshots.ts";
import { describeExit } from "../exit/exit_error.ts";
import type { RuntimeRecords } from "../effects.ts";

/** A launch, as far as the audit log cares. */
interface AuditedLaunch {
  readonly pid: number;
  readonly record: LaunchRecord;
}

/** What was run, as the audit log tells it. */
interface AuditedProgram {
  readonly pid?: number;
  readonly command?: string;
  readonly args?: readonly string[];
}

/**
 * Tells the audit log what happens to one service. Every launch has one record of its begin (`start`,
 * `restart`, `auto-restart`) and one of its end (`exit`); what is done in between and why has others.
 */
export class ServiceAudit {
  readonly #records: Pick<RuntimeRecords, "audit">;
  readonly #snapshot: () => ServiceSnapshot;
  /** What somebody has asked for and has not happened yet. */
  #asked: { readonly action: "start" | "restart"; readonly actor: Actor | null } | null = null;
  /** The launch that was told of last. Its arguments may differ from the next one's. */
  #told: { readonly launch: string; readonly program: AuditedProgram } | null = null;

  /**
   * @param records Where to.
   * @param snapshot The service as it stands.
   */
  constructor(records: Pick<RuntimeRecords, "audit">, snapshot: () => ServiceSnapshot) {
    this.#records = records;
    this.#snapshot = snapshot;
  }

  /** Somebody asks for a launch: the next one is theirs. Null: hale itself. */
  asked(action: "start" | "restart", actor: Actor | null): void {
    this.#asked = { action, actor };
  }

  /** A launch has begun; `restarts` is how many nobody asked for, this one among them. */
  launched({ pid, record }: AuditedLaunch, restarts: number): void {
    const { args, restart } = this.#snapshot().spec;
    const program = { pid, command: record.binary, args };
    this.#told = { launch: record.id, program };
    const asked = this.#asked;
    this.#asked = null;
    if (asked !== null) {
      this.#tell(asked.action, program, { actor: asked.actor });
      return;
    }
    const reason = restarts > 0
      ? `restart ${restarts}, ${restart.policy}`
      : "the supervisor before had not come to it";
    this.#tell("auto-restart", program, { reason });
  }

  /** The policy has refused a start. */
  denied({ message }: HaleError, actor: Actor | null = this.#asked?.actor ?? null): void {
    this.#asked = null;
    const { spec: { args }, binary } = this.#snapshot();
    const program = { ...binary === null ? {} : { command: binary }, args };
    this.#tell("policy-denied", program, { actor, reason: message });
  }

  /** The service is asked to end; null where it has no process now. */
  stopped(
    launch: AuditedLaunch | null,
    { actor, reason }: { readonly actor: Actor | null; readonly reason?: string },
  ): void {
    const program = launch === null ? {} : this.#programOf(launch.record, launch.pid);
    this.#tell("stop", program, { actor, ...reason === undefined ? {} : { reason } });
  }

  /** A launch did not end in time. */
  killed({ record, pid }: AuditedLaunch): void {
    const { timeout_ms, signal } = this.#snapshot().spec.stop;
    const reason = `it had not ended ${formatDuration(timeout_ms)} after ${signal}`;
    this.#tell("kill", this.#programOf(record, pid), { reason });
  }

  /** A launch of another supervisor was taken over. */
  adopted({ record, pid }: AuditedLaunch): void {
    const program = this.#programOf(record, pid);
    this.#told = { launch: record.id, program };
    this.#tell("adopt", program, {});
  }

  /** A launch is over. One that never had a process has no end. */
  exited(record: LaunchRecord, exit: Exit): void {
    const program = this.#programOf(record, record.identity?.pid);
    if (program.pid !== undefined) this.#tell("exit", program, { reason: describeExit(exit) });
  }

  #programOf(record: LaunchRecord, pid: number | undefined): AuditedProgram {
    if (this.#told?.launch === record.id) return this.#told.program;
    const { spec: { args }, config_digest } = this.#snapshot();
    return {
      ...pid === undefined ? {} : { pid },
      command: record.binary,
      // What another configuration said is not known any more.
      ...record.config_digest === config_digest ? { args } : {},
    };
  }

  #tell(
    action: AuditAction,
    program: AuditedProgram,
    { actor = null, reason }: { readonly actor?: Actor | null; readonly reason?: string },
  ): void {
    const { service_id: server } = this.#snapshot();
    this.#records.audit({ server, action, ...program, actor, reason });
  }
}
