/**
 * The library: what the commands do, for a host program.
 *
 * @module
 */

import { resolve } from "../platform/path.ts";
import type { ProjectTables } from "../config/schema/tables.ts";
import { HaleError } from "../errors.ts";
import type { EventRecord } from "../model/records.ts";
import type { RuntimeSpec } from "../model/service_spec.ts";
import type { ServiceStatus } from "../model/service_state.ts";
import { hostTarget } from "../platform/mod.ts";
import type { DownloadProgress } from "../resolve/download/download_progress.ts";
import { runtimePaths, servicePaths } from "../home/home_paths.ts";
import { newestEventId } from "../store/events/read_events.ts";
import { checkRuntimeOwner } from "../app/project/check_runtime_owner.ts";
import { type AppContext, openContext } from "../app/context.ts";
import { followEvents } from "../app/records/follow_events.ts";
import { isChanged, statusChanges } from "../app/services/status_changes.ts";
import { FollowerLease } from "../store/events/follower_lease.ts";
import { loadProject } from "../app/project/project.ts";
import { remove, type RemovedService } from "../app/services/remove.ts";
import { status } from "../app/services/status.ts";
import { stop } from "../app/services/stop.ts";
import { survivorsLeft } from "../app/services/survivors_left.ts";
import { up, type UpOptions } from "../app/services/up.ts";

/** Settings of {@linkcode openProject}: a configuration file, or the same tables as a value. */
export interface OpenProjectOptions {
  /** Path of a `hale.toml`. @default the nearest one in the working folder or above */
  readonly config?: string;
  /** The tables `[services.NAME]` of a `hale.toml`. */
  readonly services?: ProjectTables["services"];
  /** The table `[store]`; only with `services`. @default as in a file without it */
  readonly store?: ProjectTables["store"];
  /** RuntimeId; only with `services`. @default derived from the working folder */
  readonly name?: string;
  /** Base of relative paths; only with `services`. @default the working folder */
  readonly folder?: string;
  /** Folder for state, logs and cache. @default $HALE_HOME, or ~/.hale */
  readonly home?: string;
}

/** Settings of {@linkcode Project.up}. */
export interface ProjectUpOptions {
  /** Names of the services; their dependencies are included. @default all */
  readonly services?: readonly string[];
  /** How long to wait until all are up, in milliseconds. @default as long as the services may take */
  readonly timeoutMs?: number | null;
  /** Ends the wait. The services keep running. */
  readonly signal?: AbortSignal;
  /** Called with the progress of downloads. */
  readonly onProgress?: (progress: DownloadProgress) => void;
}

/**
 * Opens a project. Starts and writes nothing.
 *
 * @param options The configuration, or where it is.
 * @returns The project.
 * @throws {HaleError} `config_invalid` or `invalid_endpoint` If the configuration has mistakes. The
 * message lists all of them.
 *
 * @example
 * ```ts
 * import { openProject } from "./project.ts";
 * const project = await openProject({
 *   services: { clock: { command: "sh", args: ["-c", "while date; do sleep 1; done"] } },
 * });
 * await project.up(); // keeps running after this program has exited
 * await project.stop();
 * ```
 */
export async function openProject(options: OpenProjectOptions = {}): Promise<Project> {
  const context = openContext({ home: options.home ?? null, how: "library" });
  if (options.services === undefined) {
    return new Project(await loadProject(context, options.config ?? null), context);
  }
  if (options.config !== undefined) {
    throw new HaleError("usage", "openProject takes `config` or `services`, not both.");
  }
  const { readTables } = await import("../config/read_tables.ts");
  const { name, store, services } = options;
  const tables = {
    ...(name === undefined ? {} : { name }),
    ...(store === undefined ? {} : { store }),
    services,
  };
  const spec = await readTables(tables, {
    folder: resolve(context.cwd, options.folder ?? "."),
    env: context.env,
    target: hostTarget(),
    dataDir: (runtime, service) => servicePaths(runtimePaths(context.home, runtime), service).data,
  });
  await checkRuntimeOwner(context, spec);
  return new Project(spec, context);
}

/** The services of one configuration. They keep running after the program that started them exits. */
export class Project {
  readonly #spec: RuntimeSpec;
  readonly #context: AppContext;

  /** Use {@linkcode openProject} instead. */
  constructor(spec: RuntimeSpec, context: AppContext) {
    this.#spec = spec;
    this.#context = context;
  }

  /** RuntimeId. */
  get id(): string {
    return this.#spec.id;
  }

  /** Names of the services. */
  get services(): readonly string[] {
    return this.#spec.services.map(({ name }) => name);
  }

  /**
   * Starts services that do not run yet and waits until all are healthy.
   *
   * @param options Which services, and how long to wait.
   * @returns Their status; all are up.
   * @throws {HaleError} If a service does not come up, or its executable is not found.
   */
  up(options: ProjectUpOptions = {}): Promise<readonly ServiceStatus[]> {
    return this.#start("up", options);
  }

  /**
   * Stops services if they run, starts them and waits until all are healthy.
   *
   * @param options Which services, and how long to wait.
   * @returns Their status; all are up.
   * @throws {HaleError} As {@linkcode Project.up}.
   */
  restart(options: ProjectUpOptions = {}): Promise<readonly ServiceStatus[]> {
    return this.#start("restart", options);
  }

  /**
   * Stops services, dependents first, and waits until none of their processes is left.
   *
   * @param options `services`: names (default: all). `signal` ends the wait, not the stop.
   * @returns The names of the services that were running.
   * @throws {HaleError} `survivors_left` If a process could not be ended. hale keeps trying.
   */
  async stop(
    options: { readonly services?: readonly string[]; readonly signal?: AbortSignal } = {},
  ): Promise<readonly string[]> {
    const { stopped, reports } = await stop(this.id, this.#context, {
      services: options.services ?? [],
      configured: new Set(this.services),
      signal: options.signal ?? new AbortController().signal,
    });
    const left = survivorsLeft(reports);
    if (left !== null) throw left;
    return stopped;
  }

  /**
   * Removes stopped services that are no longer in the configuration, with their logs and their
   * history. All or none. What a service wrote into its own data folder is kept.
   *
   * @param names Names of the services.
   * @returns The removed services.
   * @throws {HaleError} `usage` If one is in the configuration, `unknown_service` if there is none of a
   * name, `already_running` if one is not stopped.
   */
  remove(names: readonly string[]): Promise<readonly RemovedService[]> {
    const place = this.#spec.config_path ?? this.id;
    const runtime = { id: this.id, place, spec: this.#spec, problem: null };
    return remove(runtime, names, this.#context);
  }

  /**
   * Reads the status of all services.
   *
   * @returns One status for each service.
   */
  status(): Promise<readonly ServiceStatus[]> {
    return status(this.id, this.#spec, this.#context);
  }

  /**
   * Yields the status of one service, now and after every change. Nothing is polled while a supervisor
   * is running. Without one, the service is checked once a second.
   *
   * @param name The service.
   * @param options `signal` ends the generator without an error.
   * @throws {HaleError} `unknown_service` If there is no such service.
   */
  async *watch(
    name: string,
    options: { readonly signal: AbortSignal },
  ): AsyncGenerator<ServiceStatus> {
    const { home } = this.#context;
    const after = newestEventId(home, this.id);
    // Taken before the first yield: retention then keeps all events for a slow consumer.
    using lease = new FollowerLease(home, this.id);
    await lease.moveTo(after);
    const readStatus = async () => (await this.status()).find((service) => service.name === name);
    const first = await readStatus();
    if (first === undefined) {
      const { unknownService } = await import("../model/unknown_service.ts");
      throw unknownService(name, this.id, this.services);
    }
    yield first;
    const { signal } = options;
    let last = first;
    const changes = statusChanges(this.#context, this.id, {
      after,
      signal,
      lease,
      isSupervised: () => last.supervised,
    });
    for await (const change of changes) {
      if (typeof change === "object" && change.service !== name) continue;
      const current = await readStatus();
      if (current === undefined) continue;
      if (typeof change === "object" || isChanged([last], [current])) yield current;
      last = current;
    }
  }

  /**
   * Yields the events of all services after a position, and every new event.
   *
   * @param options `after`: id of the last event already seen (default: the newest one). `signal`
   * ends the generator without an error.
   * @throws {HaleError} `cursor_expired` If events after `after` are no longer kept.
   */
  events(
    options: { readonly after?: number; readonly signal: AbortSignal },
  ): AsyncGenerator<EventRecord> {
    const after = options.after ?? newestEventId(this.#context.home, this.id);
    return followEvents(this.#context.home, this.id, { after, signal: options.signal });
  }

  async #start(
    how: UpOptions["how"],
    options: ProjectUpOptions,
  ): Promise<readonly ServiceStatus[]> {
    const { services, failures } = await up(this.#spec, this.#context, {
      services: options.services ?? [],
      how,
      timeoutMs: options.timeoutMs ?? null,
      signal: options.signal ?? new AbortController().signal,
      ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
    });
    for (const error of Object.values(failures)) throw error;
    return services;
  }
}
