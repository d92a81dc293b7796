import { type AppContext, openContext } from "../../../app/context.ts";
import { FollowerLease } from "../../../store/events/follower_lease.ts";
import { findRuntime, type FoundRuntime } from "../../../app/project/find_runtime.ts";
import { HaleError } from "../../../errors.ts";
import { EVENT_TYPES, type EventFilter, matchesFilter } from "../../../model/event_filter.ts";
import type { EventRecord } from "../../../model/records.ts";
import { unknownService } from "../../../model/unknown_service.ts";
import { formatCursor, parseCursor } from "../../../store/events/event_cursor.ts";
import { runtimePaths } from "../../../home/home_paths.ts";
import { readEvents, readLastEvents } from "../../../store/events/read_events.ts";
import { readServices } from "../../../store/runtime/read_services.ts";
import type { Invocation } from "../../command.ts";
import { followSupervisedEvents } from "../../services/follow_supervised_events.ts";
import { supervisorReporter } from "../../services/report_supervisor.ts";
import { renderEvent } from "../../render/event.ts";
import { createPrefix } from "../../render/prefix.ts";
import { renderTime } from "../../render/time.ts";
import type { spec } from "./spec.ts";

/** `hale events`: shows the event log. */
export async function run(invocation: Invocation<typeof spec>): Promise<number> {
  const { flags, common, output, signal } = invocation;
  const filter = await filterOf(flags);
  const context = openContext(common);
  const runtime = await findRuntime(context, common.config, flags.service);
  const report = supervisorReporter(context, output);
  await report();
  const names = runtime.spec?.services.map(({ name }) => name) ?? [];
  const prefix = createPrefix(names, output.stdout.color);
  const show = (event: EventRecord) => {
    if (common.json) {
      output.jsonLine({ ...event, cursor: formatCursor(runtime.id, event.id) });
      return;
    }
    const text = renderEvent(event, output.stdout.color) ?? event.type;
    const time = output.stdout.color("dim", renderTime(event.at));
    output.result(`${time}  ${event.service === null ? "" : prefix(event.service)}${text}`);
  };

  using lease = new FollowerLease(context.home, runtime.id);
  // Taken before the first read: retention then keeps the events that follow a slow first page.
  if (flags.follow) await lease.moveTo(0);
  const { events, cursor, hasMore, hint } = await firstEvents(context, runtime.id, {
    limit: flags.limit,
    after: flags.after,
    ...(filter === null ? {} : { where: filter }),
  });
  const after = parseCursor(cursor, runtime.id);
  if (flags.follow) await lease.moveTo(after);
  if (events.length === 0) checkServices(flags.service, runtime, context);
  events.forEach(show);
  if (!flags.follow) {
    if (flags.cursor) {
      if (common.json) output.jsonLine({ cursor, more: hasMore });
      else output.result(`cursor: ${cursor}`);
    } else if (hint !== null) output.note(hint);
    return 0;
  }

  const following = { after, signal, lease, report };
  const newEvents = followSupervisedEvents(context, runtime.id, following);
  await output.drained(signal);
  for await (const event of newEvents) {
    if (filter !== null && !matchesFilter(event, filter)) continue;
    show(event);
    await output.drained(signal);
  }
  return 0;
}

interface FirstEvents {
  readonly events: readonly EventRecord[];
  /** Where the next read continues. */
  readonly cursor: string;
  /** Whether the next read finds more events already. */
  readonly hasMore: boolean;
  /** What is not shown, or that there is nothing new; null if there is nothing to say. */
  readonly hint: string | null;
}

/** Reads the events after a cursor, or the newest ones. */
async function firstEvents(
  { home }: AppContext,
  runtimeId: string,
  options: { limit: number; after: string | null; where?: EventFilter },
): Promise<FirstEvents> {
  const { after, ...query } = options;
  if (after !== null) {
    const batch = await readEvents(home, runtimeId, { ...query, cursor: after });
    const { cursor, events, hasMore } = batch;
    const next = `repeat the command with --after ${cursor}`;
    const hint = hasMore
      ? `more events: ${next}`
      : events.length === 0
      ? `no new events; ${next}`
      : null;
    return { events, cursor, hasMore, hint };
  }
  const last = await readLastEvents(home, runtimeId, query);
  // Earlier events are expected without --since; with it, the list is incomplete.
  const hint = last.hasEarlier && query.where?.since !== undefined
    ? `earlier events were omitted: raise --limit (now ${query.limit})`
    : null;
  return { events: last.events, cursor: last.cursor, hasMore: false, hint };
}

async function filterOf(flags: Invocation<typeof spec>["flags"]): Promise<EventFilter | null> {
  const { service, type, since } = flags;
  const types: readonly string[] = EVENT_TYPES;
  const unknown = type.find((name) => !types.includes(name));
  if (unknown !== undefined) throw await unknownType(unknown);
  if (service.length === 0 && type.length === 0 && since === null) return null;
  return {
    ...(service.length === 0 ? {} : { services: service }),
    ...(type.length === 0 ? {} : { types: type }),
    ...(since === null ? {} : { since: new Date(Date.now() - since).toISOString() }),
  };
}

async function unknownType(name: string): Promise<HaleError> {
  const { suggest } = await import("../../../text/suggest.ts");
  const suggestion = suggest(name, EVENT_TYPES);
  const hint = suggestion === null ? "" : ` Did you mean "${suggestion}"?`;
  return new HaleError(
    "usage",
    `--type has no value "${name}".${hint} Types: ${EVENT_TYPES.join(", ")}.`,
    { fields: { type: name, known: EVENT_TYPES } },
  );
}

/** Refuses an unknown service. One that was removed from hale.toml is known: it may have events. */
function checkServices(
  names: readonly string[],
  { id, place, spec }: FoundRuntime,
  { home }: AppContext,
): void {
  const known = new Set([
    ...spec?.services.map(({ name }) => name) ?? [],
    ...readServices(runtimePaths(home, id), id).map(({ service_id }) => service_id),
  ]);
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length > 0) throw unknownService(unknown, place, known);
}
