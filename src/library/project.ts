/**
 * What a host program does with hale: the same as the commands, without the command line.
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
import { FollowerLease } from "../store/events/follower_lease.ts";
import { loadProject } from "../app/project/project.ts";
import { status } from "../app/services/status.ts";
import { stop } from "../app/services/stop.ts";
import { up, type UpOptions } from "../app/services/up.ts";

/** Settings of {@linkcode openProject}: a file, or the same tables as a value. */
export interface OpenProjectOptions {
  /** Path of a `hale.toml`. @default the one in the working folder or above */
  readonly config?: string;
  /** The tables `[services.NAME]` as they would stand in a `hale.toml`. */
  readonly services?: ProjectTables["services"];
  /** The table `[store]`, with `services`. @default as in a file without it */
  readonly store?: ProjectTables["store"];
  /** RuntimeId, with `services`. @default one made of the working folder */
  readonly name?: string;
  /** Folder that relative paths start from, with `services`. @default the working folder */
  readonly folder?: string;
  /** Where hale keeps its state. @default $HALE_HOME, else ~/.hale */
  readonly home?: string;
}

/** Settings of {@linkcode Project.up}. */
export interface ProjectUpOptions {
  /** Which, with what they depend on. @default all */
  readonly services?: readonly string[];
  /** How long to wait until all are up, in milliseconds. Null: as long as it takes. @default 30000 */
  readonly timeoutMs?: number | null;
  /** Ends the wait; the services go on. */
  readonly signal?: AbortSignal;
  /** Told how far a download is. */
  readonly onProgress?: (progress: DownloadProgress) => void;
}

/**
 * Opens a project. Nothing is started, and nothing is written.
 *
 * @param options Where its configuration is.
 * @returns The project.
 * @throws {HaleError} `config_invalid` or `invalid_endpoint` If the configuration has mistakes: all
 * of them are told.
 *
 * @example
 * ```ts
 * import { openProject } from "./project.ts";
 * const project = await openProject({
 *   services: { clock: { command: "sh", args: ["-c", "while date; do sleep 1; done"] } },
 * });
 * await project.up(); // it outlives this program
 * await project.stop();
 * ```
 */
export async function openProject(options: OpenProjectOptions = {}): Promise<Project> {
  const context = openContext({ home: options.home ?? null, how: "library" });
  if (options.services === undefined) {
    return new Project(await loadProject(context, options.config ?? null), context);
  }
  if (options.config !== undefined) {
    throw new HaleError("usage", "Give openProject `config` or `services`, not both.");
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

/** The services of one configuration. They outlive the program that starts them. */
export class Project {
  readonly #spec: RuntimeSpec;
  readonly #context: AppContext;

  /** Use {@linkcode openProject}. */
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
   * Brings services up, or uses what runs already, and waits until every one is healthy.
   *
   * @param options Which, and how long to wait.
   * @returns How they stand: up, every one.
   * @throws {HaleError} Why one of them is not up, or why its executable was not found.
   */
  up(options: ProjectUpOptions = {}): Promise<readonly ServiceStatus[]> {
    return this.#start("up", options);
  }

  /**
   * Stops services if they run, and starts them again.
   *
   * @param options Which, and how long to wait.
   * @returns How they stand: up, every one.
   * @throws {HaleError} As {@linkcode Project.up}.
   */
  restart(options: ProjectUpOptions = {}): Promise<readonly ServiceStatus[]> {
    return this.#start("restart", options);
  }

  /**
   * Stops services, dependents first, and waits until each is proven gone.
   *
   * @param options Which (default: all); the signal ends the wait, not the stop.
   * @returns Names of those that there was something to stop of.
   */
  async stop(
    options: { readonly services?: readonly string[]; readonly signal?: AbortSignal } = {},
  ): Promise<readonly string[]> {
    const { stopped } = await stop(this.id, this.#context, {
      services: options.services ?? [],
      configured: new Set(this.services),
      signal: options.signal ?? new AbortController().signal,
    });
    return stopped;
  }

  /** How the services stand. */
  status(): Promise<readonly ServiceStatus[]> {
    return status(this.id, this.#spec, this.#context);
  }

  /**
   * How one service stands, now and after every change, until the signal ends it. Nothing is polled.
   *
   * @param name The service.
   * @param options `signal` ends it, quietly.
   */
  async *watch(
    name: string,
    options: { readonly signal: AbortSignal },
  ): AsyncGenerator<ServiceStatus> {
    const { home } = this.#context;
    const after = newestEventId(home, this.id);
    // From here on: whoever takes long over the first status is not cut either.
    using hold = new FollowerLease(home, this.id);
    await hold.moveTo(after);
    const look = async () => (await this.status()).find((service) => service.name === name);
    const first = await look();
    if (first === undefined) {
      const { unknownService } = await import("../model/unknown_service.ts");
      throw unknownService(name, this.id, this.services);
    }
    yield first;
    const { signal } = options;
    for await (const event of followEvents(home, this.id, { after, signal, hold })) {
      if (event.service !== name) continue;
      const now = await look();
      if (now !== undefined) yield now;
    }
  }

  /**
   * The events of all services after a position, and every one that comes.
   *
   * @param options `after`: id of the last event already seen (default: all so far are seen);
   * `signal` ends it, quietly.
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
      timeoutMs: options.timeoutMs === undefined ? 30_000 : options.timeoutMs,
      signal: options.signal ?? new AbortController().signal,
      ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
    });
    for (const error of Object.values(failures)) throw error;
    return services;
  }
}
