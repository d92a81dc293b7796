/**
 * Adapts the store of a runtime to the interface that supervision uses.
 *
 * @module
 */

import { asHaleError, type HaleError } from "../../errors.ts";
import type { Actor, AuditEntry } from "../../model/audit_record.ts";
import { ensurePrivateFolder } from "../../files/private_folder.ts";
import { passingFault } from "../../files/io_error.ts";
import { RuntimeStore } from "../../store/runtime/runtime_store.ts";
import type { ServiceSnapshot } from "../../model/snapshots.ts";
import { recallActs } from "./recall_acts.ts";
import type {
  AuditedAct,
  RuntimeRecords,
  ServicePaths,
  TranscriptEntry,
} from "../../supervise/effects.ts";
import { DeferredWrites } from "./deferred_writes.ts";
import type { HomeHold } from "./home_hold.ts";
import type { StoredRuntime } from "../../supervise/runtime/supervisor.ts";

/** Called for what could not be written; supervision continues without it. */
export type OnStoreProblem = (runtime: string, error: HaleError) => void;

/**
 * Opens the records of a runtime; creates them if there are none.
 *
 * @param home Absolute path of the home, whose lock the caller holds.
 * @param options `id`: the runtime; `configPath`: its `hale.toml`, if known; `audit`: adds to the audit
 * log; `flushAudit`: writes it now; `actor`: the default actor of audit entries; `hold`: nothing is
 * written without its lock; `onProblem`: called for what could not be written.
 * @returns The records and the services in them.
 * @throws {HaleError} `store_corrupt`, `wrong_runtime` or `store_io` If they cannot be opened.
 */
export function openStoredRuntime(
  home: string,
  options: {
    id: string;
    configPath: string | null;
    audit: (entry: AuditEntry) => void;
    flushAudit?: () => void;
    actor: Actor;
    hold: Pick<HomeHold, "hasLock" | "lost">;
    onProblem: OnStoreProblem;
  },
): StoredRuntime {
  const { id, configPath, hold, onProblem, audit, flushAudit = () => {} } = options;
  const problem = (error: unknown) => onProblem(id, asHaleError(error, "store_io"));
  const store = RuntimeStore.open(home, id, {
    ...(configPath === null ? {} : { configPath }),
    onProblem: problem,
  });
  /** A failed write to the history (full disk, damaged log) must not stop a service. */
  const deferred = new DeferredWrites(problem);
  const append = (write: () => { readonly durable: Promise<void> }) => {
    deferred.add(() => {
      if (hold.hasLock) write().durable.catch(problem);
    });
  };
  // A crash and its restart change a service several times within one turn of the event loop, and
  // each write of a snapshot takes a third of a millisecond.
  const unsaved = new Map<string, ServiceSnapshot>();
  let isScheduled = false;
  /** A failed write is retried with the next change and the next flush, one to a full disk before. */
  const saveAll = () => {
    if (!hold.hasLock) return;
    let failed: { readonly failure: unknown } | null = null;
    for (const [service, snapshot] of unsaved) {
      try {
        store.saveService(snapshot).durable.catch(problem);
        unsaved.delete(service);
      } catch (failure) {
        failed = { failure };
      }
    }
    if (failed !== null) throw failed.failure;
  };
  const saveSoon = () => {
    if (isScheduled) return;
    isScheduled = true;
    queueMicrotask(() => {
      isScheduled = false;
      deferred.addLast(() => {
        flushAudit();
        saveAll();
      });
    });
  };
  /**
   * Writes what a snapshot depends on: the transcripts, then the audit log. After a kill, the next supervisor
   * finds in them or in an older snapshot what has happened.
   */
  const writeActs = (): unknown => {
    const failure = deferred.writeAll();
    flushAudit();
    return failure;
  };
  /** Returns what prevents it; null if all is written. */
  const writeAll = (): unknown => {
    const failure = writeActs();
    if (failure !== null) return failure;
    try {
      saveAll();
      return null;
    } catch (error) {
      return error;
    }
  };
  const recordAct = (act: AuditedAct, entry: TranscriptEntry | null = null) => {
    const at = new Date().toISOString();
    let isLate = false;
    // Behind the entry in the transcript, whose id it has. Its time is that of the write: the log is sorted.
    deferred.add(() => {
      const transcript = entry?.id ?? act.transcript;
      audit({
        ...act,
        ...isLate ? { reason: lateReason(act.reason, at) } : {},
        ...transcript === undefined ? {} : { transcript },
        runtime: id,
        actor: act.actor ?? options.actor,
      });
    });
    isLate = true;
  };
  // Cached because a restart needs them several times.
  const paths = new Map<string, ServicePaths>();
  const records: RuntimeRecords = {
    runtimeId: id,
    paths: (service) => {
      const known = paths.get(service);
      if (known !== undefined) return known;
      const { stdout, stderr, launches, logs } = store.paths(service);
      ensurePrivateFolder(logs, "create the folder of the logs");
      ensurePrivateFolder(launches, "create the folder of the launches");
      const made = { stdout, stderr, launches };
      paths.set(service, made);
      return made;
    },
    saveService: (snapshot) => {
      unsaved.set(snapshot.service_id, snapshot);
      saveSoon();
    },
    commitService: (snapshot) => {
      // A launch follows, and another supervisor may start the same service.
      if (!hold.hasLock) throw hold.lost.reason;
      const failure = writeActs();
      // A failing disk may refuse the transcript of one service: the others must not wait for it.
      if (failure !== null && passingFault(failure) !== "EIO") throw failure;
      unsaved.delete(snapshot.service_id);
      store.saveService(snapshot).durable.catch(problem);
    },
    removeService: (service) => {
      const kept = store.removeService(service);
      unsaved.delete(service);
      paths.delete(service);
      return kept;
    },
    saveEnvironment: (service, env) => store.saveEnvironment(service, env),
    readEnvironment: (service) => store.readEnvironment(service) ?? {},
    appendEvent: (data) => {
      const now = new Date();
      append(() => store.appendEvent(data, now));
    },
    appendTranscript: (service, data) => {
      const now = new Date();
      const entry: { id: number | null } = { id: null };
      append(() => {
        const appended = store.appendTranscript(service, data, now);
        entry.id = appended.record.id;
        return appended;
      });
      return entry;
    },
    audit: recordAct,
    flushAudit: writeActs,
    recallActs: async () => {
      if (!store.wasKilled) return new Map();
      const services = [...store.services.keys()];
      return await recallActs(home, { runtimeId: id, services, add: recordAct, problem });
    },
    readEvents: (after, limit) => store.readEvents(after, limit),
    leaseEvents: (after) => store.leaseEvents(after),
    lastEventId: () => store.lastEventId(),
    describe: (configPath, limits) =>
      store.describe({ ...(configPath === null ? {} : { configPath }), limits }),
    problem,
    flush: async () => {
      const failure = writeAll();
      await store.flush();
      if (failure !== null) throw failure;
    },
    close: async () => {
      const failure = writeAll();
      deferred.close();
      if (failure === null) return await store.close();
      problem(failure);
      // Not marked as closed: the next supervisor looks for what is missing, as after a kill.
      await store.flush();
    },
  };
  return { records, services: [...store.services.values()] };
}

/** The reason of an act whose record had to wait. */
function lateReason(reason: string | undefined, at: string): string {
  const when = `at ${at}, recorded later`;
  return reason === undefined ? when : `${reason}; ${when}`;
}
