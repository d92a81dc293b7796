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
import type { RuntimeRecords, ServicePaths } from "../../supervise/effects.ts";
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
 * log; `actor`: the default actor of audit entries; `hold`: nothing is written without its lock;
 * `onProblem`: called for what could not be written.
 * @returns The records and the services in them.
 * @throws {HaleError} `store_corrupt`, `wrong_runtime` or `store_io` If they cannot be opened.
 */
export function openStoredRuntime(
  home: string,
  options: {
    id: string;
    configPath: string | null;
    audit: (entry: AuditEntry) => void;
    actor: Actor;
    hold: Pick<HomeHold, "hasLock" | "lost">;
    onProblem: OnStoreProblem;
  },
): StoredRuntime {
  const { id, configPath, hold, onProblem, audit } = options;
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
  let isSaveDeferred = false;
  /** A failed write (full disk) is retried with the next change and the next flush. */
  const saveAll = (): { readonly failure: unknown } | null => {
    let failed: { readonly failure: unknown } | null = null;
    if (!hold.hasLock) return null;
    for (const [service, snapshot] of unsaved) {
      try {
        store.saveService(snapshot).durable.catch(problem);
        unsaved.delete(service);
      } catch (failure) {
        failed = { failure };
      }
    }
    return failed;
  };
  const saveSoon = () => {
    if (isScheduled) return;
    isScheduled = true;
    queueMicrotask(() => {
      isScheduled = false;
      if (saveAll() === null || isSaveDeferred) return;
      isSaveDeferred = true;
      // It reports the failure, too.
      deferred.add(() => {
        const failed = saveAll();
        isSaveDeferred = failed !== null && passingFault(failed.failure) !== null;
        if (failed !== null) throw failed.failure;
      });
    });
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
      append(() => store.appendTranscript(service, data, now));
    },
    audit: (act) => audit({ ...act, runtime: id, actor: act.actor ?? options.actor }),
    readEvents: (after, limit) => store.readEvents(after, limit),
    leaseEvents: (after) => store.leaseEvents(after),
    lastEventId: () => store.lastEventId(),
    describe: (configPath, limits) =>
      store.describe({ ...(configPath === null ? {} : { configPath }), limits }),
    problem,
    flush: async () => {
      const failed = saveAll();
      const unwritten = deferred.writeAll();
      await store.flush();
      if (failed !== null) throw failed.failure;
      if (unwritten !== null) throw unwritten;
    },
    close: () => {
      const failed = saveAll();
      if (failed !== null) problem(failed.failure);
      deferred.writeAll();
      deferred.close();
      return store.close();
    },
  };
  return { records, services: [...store.services.values()] };
}
