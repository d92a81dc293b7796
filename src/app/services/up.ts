/**
 * Starts services and waits until they are ready.
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
import type { StatusResponse } from "../../supervise/api/api_types.ts";
import { isUnresponsive } from "../../supervise/api/unresponsive.ts";
import type { ServiceHandover, StartOutcome } from "../../supervise/runtime/service_handover.ts";
import { taskGroup } from "../../async/task_group.ts";
import type { AppContext } from "../context.ts";
import { servicePolicy } from "../governance/enforce_policy.ts";
import { mergeFailures } from "./merge_failures.ts";
import { prepareStart, type PrepareStartOptions, type RunningLaunch } from "./prepare_start.ts";
import { ProjectLock } from "../releases/project_lock.ts";
import type { ResolvedService } from "./resolve_service.ts";
import { selectServices } from "../project/select_services.ts";
import { connectSupervisor } from "../supervisor/connect_supervisor.ts";
import { isAwaitedJob } from "./settlement.ts";
import { startBudget } from "./start_budget.ts";
import { waitUntilReady } from "./wait_until_ready.ts";

/** Settings of {@linkcode up}. */
export interface UpOptions {
  /** Names of the services; their dependencies are included. Empty: all. */
  readonly services: readonly string[];
  /**
   * `start` keeps running services; `up` restarts those whose configuration has changed; `restart`
   * restarts the named ones in any case, but not their dependencies.
   */
  readonly how: StartKind;
  /** How long to wait, in milliseconds. Null: as long as the services may take, see `startBudget`. */
  readonly timeoutMs: number | null;
  readonly signal: AbortSignal;
  /** Whether `hale.lock` must already have every artifact. @default false */
  readonly locked?: boolean;
  /** Hash cached files again before they are used. @default false */
  readonly verify?: boolean;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Called with the executable of each service, before any service starts. */
  readonly onResolved?: (resolved: ResolvedService) => void;
  /** Called for a problem that does not prevent the start. */
  readonly onProblem?: (error: HaleError) => void;
  /** Called for each event while waiting. */
  readonly onEvent?: (event: EventRecord) => void;
  /** Called with the pending services when nothing has happened for a while. */
  readonly onQuiet?: (pending: readonly ServiceStatus[]) => void;
}

/** Result of {@linkcode up}. */
export interface UpResult {
  readonly outcomes: Readonly<Record<string, StartOutcome>>;
  /** The selected services and their dependencies. */
  readonly services: readonly ServiceStatus[];
  /** The errors of the services that are not ready, by name. */
  readonly failures: Readonly<Record<string, HaleError>>;
}

/**
 * Starts services: finds their executables, hands them to the supervisor, and waits until each is
 * ready or has failed.
 *
 * @param project The configuration.
 * @param context Home and environment.
 * @param options The services, the kind of start and the callbacks.
 * @returns The result for each service.
 * @throws {HaleError} Errors of the search for an executable; then no service is started.
 */
export async function up(
  project: RuntimeSpec,
  context: AppContext,
  options: UpOptions,
): Promise<UpResult> {
  const chosen = selectServices(project, options.services);
  const begun = new Map<string, StartOutcome>();
  for (let attempt = 1;; attempt++) {
    using client = await connectSupervisor(context, {
      signal: options.signal,
      ...(options.timeoutMs === null ? {} : { withinMs: options.timeoutMs }),
    });
    if (begun.size > 0) options.onProblem?.(supervisorEnded());
    try {
      return await upWith(client, { project, context, chosen, begun, options });
    } catch (error) {
      // The supervisor was about to exit: connect to a new one.
      const isExiting = error instanceof HaleError && error.code === "supervisor_unavailable" &&
        !isUnresponsive(error);
      if (!isExiting || attempt > 1) throw error;
    }
  }
}

function supervisorEnded(): HaleError {
  return new HaleError(
    "supervisor_unavailable",
    "The supervisor ended while services were starting. Another one was started: it takes over what " +
      "runs and continues.",
  );
}

async function upWith(
  client: SupervisorClient,
  { project, context, chosen, begun, options }: {
    project: RuntimeSpec;
    context: AppContext;
    chosen: readonly ServiceSpec[];
    /**
     * The outcomes of this command so far. What a supervisor has accepted the next one continues: a second
     * request would restart a service again and run a job twice.
     */
    begun: Map<string, StartOutcome>;
    options: UpOptions;
  },
): Promise<UpResult> {
  const before = await client.status(project.id, options.signal);
  // The open stream keeps the supervisor from exiting as idle during a long download.
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
        running: runningLaunch(before, spec.name),
        how: howToStart(spec, options),
        rerun: spec.rerun === "always" || isNamed(spec, options) && options.how !== "up",
        denied,
        runtime: project.id,
        lock,
      });
    const open = chosen.filter(({ name }) => !begun.has(name));
    const services = await prepareAll(open, prepare, { project, options });
    const configure = project.services.map((spec) => ({
      spec,
      config_digest: digests.get(spec.name)!,
    }));
    const start = async (how: UpOptions["how"]) => {
      const response = await client.start(project.id, {
        how,
        config_path: project.config_path,
        store: project.store,
        actor: context.actor,
        configure,
        services: services.filter(({ spec }) => howToStart(spec, options) === how),
      });
      for (const [name, outcome] of Object.entries(response.outcomes)) begun.set(name, outcome);
      return response;
    };
    const needed = open.some((spec) => howToStart(spec, options) !== options.how)
      ? await start("start")
      : null;
    const response = await start(options.how);
    const startedIn = (outcomes: UpResult["outcomes"]) =>
      new Set(
        Object.keys(outcomes).filter((name) =>
          outcomes[name] === "started" || outcomes[name] === "restarted"
        ),
      );
    const outcomes = Object.fromEntries(begun);
    const started = startedIn(outcomes);
    const awaited = chosen.filter((spec) => started.has(spec.name) && isAwaitedJob(spec));
    const ready = await waitUntilReady({
      names: chosen.map(({ name }) => name),
      statuses: response.services,
      started: startedIn({ ...needed?.outcomes, ...response.outcomes }),
      restarted: new Set(Object.keys(outcomes).filter((name) => outcomes[name] === "restarted")),
      awaited: new Set(awaited.map(({ name }) => name)),
      events: resume(first, events, (needed ?? response).after),
      refresh: async () => (await client.status(project.id)).services,
      endsAtMs: options.timeoutMs === null
        ? startBudget(budgeted(chosen, started)).endsAtMs
        : () => options.timeoutMs!,
      signal: options.signal,
      ...(options.onEvent === undefined ? {} : { onEvent: options.onEvent }),
      ...(options.onQuiet === undefined ? {} : { onQuiet: options.onQuiet }),
    });
    const wanted = new Map(chosen.map(({ name, version }) => [name, version]));
    return {
      ...ready,
      outcomes,
      services: ready.services.map((status) => ({
        ...status,
        wanted_version: wanted.get(status.name) ?? null,
      })),
    };
  } finally {
    following.abort();
  }
}

type PrepareHooks = Required<Pick<PrepareStartOptions, "signal" | "onResolved">>;

/** Finds all executables concurrently and adds their artifacts to `hale.lock`. */
async function prepareAll(
  chosen: readonly ServiceSpec[],
  prepare: (
    spec: ServiceSpec,
    lock: ProjectLock,
    hooks: PrepareHooks,
  ) => Promise<ServiceHandover>,
  { project, options }: { project: RuntimeSpec; options: UpOptions },
): Promise<readonly ServiceHandover[]> {
  const lock = await ProjectLock.open(project, {
    locked: options.locked ?? false,
    onOtherAsset: (problem) => options.onProblem?.(problem),
  });
  const found = new Map<string, ResolvedService>();
  const tasks = chosen.map((spec) => (signal: AbortSignal) =>
    prepare(spec, lock, {
      signal,
      onResolved: (resolved) => found.set(spec.name, resolved),
    })
  );
  const services = await taskGroup(tasks, options.signal, {
    merge: (errors) => mergeFailures(errors, chosen.map(({ name }) => name)),
  });
  try {
    await lock.save();
  } catch (error) {
    // A read-only project folder does not prevent running verified executables.
    if (!(error instanceof HaleError)) throw error;
    options.onProblem?.(error);
  }
  for (const { name } of chosen) {
    const resolved = found.get(name);
    if (resolved !== undefined) options.onResolved?.(resolved);
  }
  return services;
}

function runningLaunch(before: StatusResponse, service: string): RunningLaunch | null {
  const configDigest = before.launched[service];
  const status = before.services.find(({ name }) => name === service);
  return configDigest === undefined || status === undefined ? null : { ...status, configDigest };
}

/** The services that are waited for: a job that is not run needs no time. */
function budgeted(
  chosen: readonly ServiceSpec[],
  started: ReadonlySet<string>,
): readonly ServiceSpec[] {
  return chosen.filter((spec) => started.has(spec.name) || !isAwaitedJob(spec));
}

function isNamed(
  { name }: ServiceSpec,
  { services }: Pick<UpOptions, "services">,
): boolean {
  return services.length === 0 || services.includes(name);
}

/** A restart affects the named services only; their dependencies are started if needed. */
function howToStart(
  { name }: ServiceSpec,
  { how, services }: Pick<UpOptions, "how" | "services">,
): UpOptions["how"] {
  return how === "restart" && services.length > 0 && !services.includes(name) ? "start" : how;
}

/** Yields the events after a position from a stream whose first event is already requested. */
async function* resume(
  first: Promise<IteratorResult<EventRecord>>,
  events: AsyncGenerator<EventRecord>,
  after: EventPosition,
): AsyncGenerator<EventRecord> {
  for (let next = await first; !next.done; next = await events.next()) {
    if (next.value.id > after) yield next.value;
  }
}
