/**
 * Bringing services up and waiting until they are.
 *
 * @module
 */

import { configDigest } from "../config/config_digest.ts";
import { HaleError } from "../errors.ts";
import type { EventRecord } from "../model/records.ts";
import type { RuntimeSpec, ServiceSpec } from "../model/service_spec.ts";
import type { ServiceStatus } from "../model/service_state.ts";
import type { DownloadProgress } from "../resolve/resolution.ts";
import type { SupervisorClient } from "../supervise/api_client.ts";
import type { ServiceHandover, StartOutcome } from "../supervise/runtime.ts";
import type { AppContext } from "./context.ts";
import { launchEnvironment } from "./launch_environment.ts";
import { type ResolvedService, resolveService } from "./resolve_service.ts";
import { selectServices } from "./select_services.ts";
import { ensureSupervisor } from "./supervisor_access.ts";
import { waitUntilSettled } from "./wait_until_settled.ts";

/** Settings of {@linkcode up}. */
export interface UpOptions {
  /** Which services, with what they depend on. Empty: all. */
  readonly services: readonly string[];
  /**
   * `start` leaves alone what runs; `up` restarts it where its configuration has changed; `restart`
   * restarts it anyway.
   */
  readonly how: "up" | "start" | "restart";
  /** How long to wait until all are up, in milliseconds. Null: as long as it takes. */
  readonly timeoutMs: number | null;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Told what was found for a service, before it starts. */
  readonly onResolved?: (resolved: ResolvedService) => void;
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
    using client = await ensureSupervisor(context);
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
    const services: ServiceHandover[] = [];
    for (const spec of chosen) {
      const running = before.services.find(({ name }) => name === spec.name);
      const digest = digests.get(spec.name)!;
      services.push(await handover(spec, digest, { context, options, running }));
    }
    const { outcomes, services: statuses, after } = await client.start(project.id, {
      how: options.how,
      config_path: project.config_path,
      configure: project.services.map((spec) => ({
        spec,
        config_digest: digests.get(spec.name)!,
      })),
      services,
    });
    return {
      outcomes,
      ...await waitUntilSettled({
        names: chosen.map(({ name }) => name),
        statuses,
        events: resume(first, events, after),
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

/** What the supervisor needs to start a service; next to nothing where it runs already. */
async function handover(
  spec: ServiceSpec,
  config_digest: string,
  { context, options, running }: {
    context: AppContext;
    options: UpOptions;
    running: ServiceStatus | undefined;
  },
): Promise<ServiceHandover> {
  const ours = running !== undefined && running.pid !== null;
  if (ours && options.how === "start") {
    return { spec, config_digest, binary: null, env: null, external: false };
  }
  const resolved = await resolveService(spec, context, {
    signal: options.signal,
    reuseRunning: !ours,
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  });
  options.onResolved?.(resolved);
  const { binary, external } = resolved;
  const env = binary === null ? null : await launchEnvironment(spec, context.env);
  return { spec, config_digest, binary, env, external };
}

/** The events after a cursor, out of a stream whose first was asked for before. */
async function* resume(
  first: Promise<IteratorResult<EventRecord>>,
  events: AsyncGenerator<EventRecord>,
  after: number,
): AsyncGenerator<EventRecord> {
  for (let next = await first; !next.done; next = await events.next()) {
    if (next.value.id > after) yield next.value;
  }
}
