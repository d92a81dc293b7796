/**
 * Bringing services up and waiting until they are.
 *
 * @module
 */

import { configDigest } from "../../config/config_digest.ts";
import { HaleError } from "../../errors.ts";
import type { EventPosition, EventRecord } from "../../model/records.ts";
import type { RuntimeSpec, ServiceSpec } from "../../model/service_spec.ts";
import type { ServiceStatus, StartKind } from "../../model/service_state.ts";
import type { DownloadProgress } from "../../resolve/download/download_progress.ts";
import type { SupervisorClient } from "../../supervise/api/api_client.ts";
import type { ServiceHandover, StartOutcome } from "../../supervise/runtime/runtime.ts";
import { taskGroup } from "../../async/task_group.ts";
import type { AppContext } from "../context.ts";
import { servicePolicy } from "../governance/enforce_policy.ts";
import { prepareStart, type PrepareStartOptions } from "./prepare_start.ts";
import { ProjectLock } from "../releases/project_lock.ts";
import type { ResolvedService } from "./resolve_service.ts";
import { selectServices } from "../project/select_services.ts";
import { connectSupervisor } from "../supervisor/connect_supervisor.ts";
import { waitUntilReady } from "./wait_until_ready.ts";

/** Settings of {@linkcode up}. */
export interface UpOptions {
  /** Which services, with what they depend on. Empty: all. */
  readonly services: readonly string[];
  /**
   * `start` leaves alone what runs; `up` restarts it where its configuration has changed; `restart`
   * restarts it anyway, but not what it depends on.
   */
  readonly how: StartKind;
  /** How long to wait until all are up, in milliseconds. Null: as long as it takes. */
  readonly timeoutMs: number | null;
  readonly signal: AbortSignal;
  /** Whether `hale.lock` must name every artifact already. @default false */
  readonly locked?: boolean;
  /** Read what is in the cache, whatever a look tells. @default false */
  readonly verify?: boolean;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Told what was found for a service, before any starts. */
  readonly onResolved?: (resolved: ResolvedService) => void;
  /** Told what could not be done, where the services start all the same. */
  readonly onProblem?: (error: HaleError) => void;
  /** Told of every change while waiting. */
  readonly onEvent?: (event: EventRecord) => void;
}

/** How {@linkcode up} ended. */
export interface UpResult {
  readonly outcomes: Readonly<Record<string, StartOutcome>>;
  /** The services that were asked for, and what they depend on. */
  readonly services: readonly ServiceStatus[];
  /** Why services are not up, by name. Empty: all are. */
  readonly failures: Readonly<Record<string, HaleError>>;
}

/**
 * Brings services up: finds their executables, hands them to the supervisor, and waits until each
 * is healthy or has failed for good.
 *
 * @param project The configuration.
 * @param context Where hale works.
 * @param options Which services, how, and whom to tell.
 * @returns What became of them.
 * @throws {HaleError} Whatever finding an executable throws: nothing is started then.
 */
export async function up(
  project: RuntimeSpec,
  context: AppContext,
  options: UpOptions,
): Promise<UpResult> {
  const chosen = selectServices(project, options.services);
  for (let attempt = 1;; attempt++) {
    using client = await connectSupervisor(context);
    try {
      return await upWith(client, { project, context, chosen, options });
    } catch (error) {
      // A supervisor that was just ending: the next one takes over.
      const ending = error instanceof HaleError && error.code === "supervisor_unavailable";
      if (!ending || attempt > 1) throw error;
    }
  }
}

async function upWith(
  client: SupervisorClient,
  { project, context, chosen, options }: {
    project: RuntimeSpec;
    context: AppContext;
    chosen: readonly ServiceSpec[];
    options: UpOptions;
  },
): Promise<UpResult> {
  const before = await client.status(project.id);
  // Open from now on, so that the supervisor does not end for idleness during a long download.
  const following = new AbortController();
  const signal = AbortSignal.any([following.signal, options.signal]);
  const events = client.events(project.id, before.last_event_id, signal);
  const first = events.next();
  first.catch(() => {});
  try {
    const digests = new Map<string, string>();
    for (const spec of project.services) digests.set(spec.name, await configDigest(spec));
    const denied = servicePolicy(context.paths);
    const prepare = (spec: ServiceSpec, lock: ProjectLock, some: PrepareHooks) =>
      prepareStart(spec, {
        ...options,
        ...some,
        context,
        configDigest: digests.get(spec.name)!,
        running: before.launched[spec.name] ?? null,
        how: howToStart(spec, options),
        rerun: spec.rerun === "always" || isNamed(spec, options) && options.how !== "up",
        denied,
        runtime: project.id,
        lock,
      });
    const services = await prepareAll(chosen, prepare, { project, context, options });
    const configure = project.services.map((spec) => ({
      spec,
      config_digest: digests.get(spec.name)!,
    }));
    const ask = (how: UpOptions["how"]) =>
      client.start(project.id, {
        how,
        config_path: project.config_path,
        store: project.store,
        actor: context.actor,
        configure,
        services: services.filter(({ spec }) => howToStart(spec, options) === how),
      });
    const needed = chosen.some((spec) => howToStart(spec, options) !== options.how)
      ? await ask("start")
      : null;
    const started = await ask(options.how);
    const outcomes = { ...needed?.outcomes, ...started.outcomes };
    return {
      outcomes,
      ...await waitUntilReady({
        names: chosen.map(({ name }) => name),
        statuses: started.services,
        started: new Set(
          Object.keys(outcomes).filter((name) =>
            outcomes[name] === "started" || outcomes[name] === "restarted"
          ),
        ),
        jobs: new Set(
          chosen.filter(({ restart }) => restart.policy === "never").map(({ name }) => name),
        ),
        events: resume(first, events, (needed ?? started).after),
        refresh: async () => (await client.status(project.id)).services,
        timeoutMs: options.timeoutMs,
        signal: options.signal,
        ...(options.onEvent === undefined ? {} : { onEvent: options.onEvent }),
      }),
    };
  } finally {
    following.abort();
  }
}

type PrepareHooks = Required<Pick<PrepareStartOptions, "signal" | "onResolved">>;

/** Finds all executables at once, and puts into `hale.lock` what they are. */
async function prepareAll(
  chosen: readonly ServiceSpec[],
  prepare: (
    spec: ServiceSpec,
    lock: ProjectLock,
    hooks: PrepareHooks,
  ) => Promise<ServiceHandover>,
  { project, context, options }: {
    project: RuntimeSpec;
    context: AppContext;
    options: UpOptions;
  },
): Promise<readonly ServiceHandover[]> {
  const lock = await ProjectLock.open(project, { locked: options.locked ?? false });
  const found = new Map<string, ResolvedService>();
  const tasks = chosen.map((spec) => (signal: AbortSignal) =>
    prepare(spec, lock, {
      signal,
      onResolved: (resolved) => found.set(spec.name, resolved),
    })
  );
  const services = await taskGroup(tasks, options.signal);
  try {
    await lock.save(context);
  } catch (error) {
    // A folder that cannot be written keeps nobody from running what was verified.
    if (!(error instanceof HaleError)) throw error;
    options.onProblem?.(error);
  }
  for (const { name } of chosen) {
    const resolved = found.get(name);
    if (resolved !== undefined) options.onResolved?.(resolved);
  }
  return services;
}

function isNamed(
  { name }: ServiceSpec,
  { services }: Pick<UpOptions, "services">,
): boolean {
  return services.length === 0 || services.includes(name);
}

/** A restart is for the services named: what they depend on only has to be there. */
function howToStart(
  { name }: ServiceSpec,
  { how, services }: Pick<UpOptions, "how" | "services">,
): UpOptions["how"] {
  return how === "restart" && services.length > 0 && !services.includes(name) ? "start" : how;
}

/** The events after a position, out of a stream whose first was asked for before. */
async function* resume(
  first: Promise<IteratorResult<EventRecord>>,
  events: AsyncGenerator<EventRecord>,
  after: EventPosition,
): AsyncGenerator<EventRecord> {
  for (let next = await first; !next.done; next = await events.next()) {
    if (next.value.id > after) yield next.value;
  }
}
