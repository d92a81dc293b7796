/**
 * The store of a runtime in the form that supervision asks for.
 *
 * @module
 */

import { HaleError, messageOf } from "../errors.ts";
import { ensurePrivateFolder } from "../store/private_folder.ts";
import { RuntimeStore } from "../store/runtime_store.ts";
import type { RuntimeRecords } from "../supervise/effects.ts";
import type { StoredRuntime } from "../supervise/supervisor.ts";

/** Told what could not be written; supervision goes on without it. */
export type OnStoreProblem = (runtime: string, error: HaleError) => void;

/**
 * Opens the records of a runtime, creating them where there are none.
 *
 * @param home Absolute path of the home, whose lock the caller holds.
 * @param options The runtime, its `hale.toml` where the caller knows it, and whom to tell.
 * @returns The records and the services in them.
 * @throws {HaleError} `store_corrupt`, `wrong_runtime` or `store_io` If they cannot be opened.
 */
export function openStoredRuntime(
  home: string,
  options: { id: string; configPath: string | null; onProblem: OnStoreProblem },
): StoredRuntime {
  const { id, configPath, onProblem } = options;
  const store = RuntimeStore.open(home, id, configPath === null ? {} : { configPath });
  const problem = (error: unknown) => onProblem(id, asHaleError(error));
  /** What only tells a story must not take a service down with it: a full disk, a broken log. */
  const telling = (write: () => void) => {
    try {
      write();
    } catch (error) {
      problem(error);
    }
  };
  const records: RuntimeRecords = {
    runtimeId: id,
    paths: (service) => {
      const { stdout, stderr, launches, logs } = store.paths(service);
      ensurePrivateFolder(logs, "create the folder of the logs");
      ensurePrivateFolder(launches, "create the folder of the launches");
      return { stdout, stderr, launches };
    },
    saveService: (snapshot) => {
      store.saveService(snapshot).durable.catch(problem);
    },
    saveEnvironment: (service, env) => store.saveEnvironment(service, env),
    readEnvironment: (service) => store.readEnvironment(service) ?? {},
    appendEvent: (data) => telling(() => store.appendEvent(data).durable.catch(problem)),
    appendTranscript: (service, data) =>
      telling(() => store.appendTranscript(service, data).durable.catch(problem)),
    readEvents: (after, limit) => store.readEvents(after, limit),
    lastEventId: () => store.lastEventId(),
    describe: (path) => store.describe({ configPath: path }),
    problem,
    flush: () => store.flush(),
    close: () => store.close(),
  };
  return { records, services: [...store.services.values()] };
}

function asHaleError(error: unknown): HaleError {
  return error instanceof HaleError
    ? error
    : new HaleError("store_io", messageOf(error), { cause: error });
}
