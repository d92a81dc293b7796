import type { Actor, AuditRecord } from "../../model/audit_record.ts";
import type { TranscriptRecord } from "../../model/records.ts";
import type { AuditedAct } from "../../supervise/effects.ts";
import { describeExit } from "../../supervise/exit/exit_error.ts";

/** The records of one service. */
export interface ServiceHistory {
  /** The last entries of its transcript, oldest first. */
  readonly entries: readonly TranscriptRecord[];
  /** Those among them that the records of the audit log cover. */
  readonly late: readonly TranscriptRecord[];
  /** Its records in the audit log, oldest first. */
  readonly audited: readonly AuditRecord[];
}

type Launched = Extract<TranscriptRecord, { readonly type: "launched" }>;

/** Records of the first version of hale have no ids: the same act is at most this much apart. */
const SAME_ACT_SECS = 2;

/**
 * Returns the acts that a transcript has and the audit log has not.
 *
 * @param service Name of the service.
 * @param history Its records.
 * @returns The acts, oldest first. The reason says that they were recorded later.
 */
export function missingActs(service: string, history: ServiceHistory): readonly AuditedAct[] {
  const { entries, late, audited } = history;
  const recorded = new Set(audited.flatMap(({ transcript }) => transcript ?? []));
  return late.flatMap((entry) => {
    if (recorded.has(entry.id)) return [];
    const act = actOf(entry, entries.slice(0, entries.indexOf(entry)));
    if (act === null || audited.some((record) => isSameAct(record, act, entry))) return [];
    const { reason, ...rest } = act;
    const when = `at ${entry.at}, recorded by the next supervisor`;
    return [{
      server: service,
      ...rest,
      reason: reason === undefined ? when : `${reason}; ${when}`,
      transcript: entry.id,
    }];
  });
}

type Act = Omit<AuditedAct, "server" | "transcript">;

/** The act of an entry; null if the audit log has none for it. `before`: the entries before it. */
function actOf(entry: TranscriptRecord, before: readonly TranscriptRecord[]): Act | null {
  switch (entry.type) {
    case "requested": {
      if (entry.action === "start") return null; // The launch is the act.
      const launch = activeLaunch(before);
      const { actor } = entry;
      const reason = entry.action === "restart" ? { reason: "restart requested" } : {};
      return { action: "stop", ...launch === null ? {} : programOf(launch), actor, ...reason };
    }
    case "launched": {
      const request = before.findLast(({ type }) => type === "requested" || type === "launched");
      const isRequested = !entry.automatic && request?.type === "requested" &&
        request.action !== "stop";
      const cause: { action: string; actor: Actor | null; reason?: string } = isRequested
        ? { action: request.action, actor: request.actor }
        : {
          action: "auto-restart",
          actor: null,
          reason: entry.automatic ? "restarted" : "resumed by a new supervisor",
        };
      return { ...cause, ...programOf(entry) };
    }
    case "adopted":
      return { action: "adopt", ...programOf(findLaunch(before, entry), entry), actor: null };
    case "exited": {
      const launch = findLaunch(before, entry);
      if (launch === null) return null; // It never had a process, or began long ago.
      return {
        action: "exit",
        ...programOf(launch),
        actor: null,
        reason: describeExit(entry.exit),
      };
    }
    default:
      return null;
  }
}

function findLaunch(
  entries: readonly TranscriptRecord[],
  { launch }: { readonly launch: string },
): Launched | null {
  const found = entries.findLast((entry) => entry.type === "launched" && entry.launch === launch);
  return (found ?? null) as Launched | null;
}

/** The launch that had not exited yet. */
function activeLaunch(entries: readonly TranscriptRecord[]): Launched | null {
  const last = entries.findLast(({ type }) => type === "launched" || type === "exited");
  return last?.type === "launched" ? last : null;
}

function programOf(
  launch: Launched | null,
  known?: { readonly launch: string; readonly pid: number },
): Pick<Act, "pid" | "command" | "args" | "launch"> {
  const pid = launch?.pid ?? known?.pid;
  return {
    ...typeof pid === "number" ? { pid } : {},
    ...launch === null ? {} : { command: launch.binary, args: launch.args },
    ...launch === null && known === undefined ? {} : { launch: (launch ?? known)!.launch },
  };
}

/** Whether a record without ids is about an act. */
function isSameAct(record: AuditRecord, act: Act, { at }: TranscriptRecord): boolean {
  const seconds = Math.abs(record.timestampEpochSecs - Date.parse(at) / 1000);
  return record.transcript === undefined && record.launch === undefined &&
    record.action === act.action && record.pid === act.pid && seconds <= SAME_ACT_SECS;
}
