import { type AppContext, openContext } from "../../../app/context.ts";
import { followEvents } from "../../../app/records/follow_events.ts";
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
import { renderEvent } from "../../render/event.ts";
import { createPrefix } from "../../render/prefix.ts";
import { renderTime } from "../../render/time.ts";
import type { spec } from "./spec.ts";

/** `hale events`: shows what happened to all services. */
export async function run(invocation: Invocation<typeof spec>): Promise<number> {
  const { flags, common, output, signal } = invocation;
  const where = await filterOf(flags);
  const context = openContext(common);
  const runtime = await findRuntime(context, common.config, flags.service);
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

  using hold = new FollowerLease(context.home, runtime.id);
  // Before the first look: a pager that is left alone with its first page is not cut either.
  if (flags.follow) await hold.moveTo(0);
  const { events, cursor, more } = await firstEvents(context, runtime.id, {
    limit: flags.limit,
    after: flags.after,
    ...(where === null ? {} : { where }),
  });
  const after = parseCursor(cursor, runtime.id);
  if (flags.follow) await hold.moveTo(after);
  if (events.length === 0) checkServices(flags.service, runtime, context);
  events.forEach(show);
  if (more !== null && !flags.follow) output.note(more);
  if (!flags.follow) return 0;

  for await (const event of followEvents(context.home, runtime.id, { after, signal, hold })) {
    if (where === null || matchesFilter(event, where)) show(event);
  }
  return 0;
}

/** The events after a cursor, or the newest ones; `more` says where those are that are not shown. */
async function firstEvents(
  { home }: AppContext,
  runtimeId: string,
  options: { limit: number; after: string | null; where?: EventFilter },
): Promise<{ events: readonly EventRecord[]; cursor: string; more: string | null }> {
  const { after, ...wanted } = options;
  if (after !== null) {
    const batch = await readEvents(home, runtimeId, { ...wanted, cursor: after });
    const more = batch.hasMore ? `There is more: hale events --after ${batch.cursor}` : null;
    return { ...batch, more };
  }
  const last = await readLastEvents(home, runtimeId, wanted);
  // Nobody who asks for the last ones is surprised that there are earlier ones, unless by time.
  const more = last.hasEarlier && wanted.where?.since !== undefined
    ? `There is more before these: raise --limit ${wanted.limit}`
    : null;
  return { ...last, more };
}

async function filterOf(flags: Invocation<typeof spec>["flags"]): Promise<EventFilter | null> {
  const { service, type, since } = flags;
  const types: readonly string[] = EVENT_TYPES;
  const unknown = type.find((word) => !types.includes(word));
  if (unknown !== undefined) throw await unknownType(unknown);
  if (service.length === 0 && type.length === 0 && since === null) return null;
  return {
    ...(service.length === 0 ? {} : { services: service }),
    ...(type.length === 0 ? {} : { types: type }),
    ...(since === null ? {} : { since: new Date(Date.now() - since).toISOString() }),
  };
}

async function unknownType(word: string): Promise<HaleError> {
  const { suggest } = await import("../../../text/suggest.ts");
  const close = suggest(word, EVENT_TYPES);
  const hint = close === null ? "" : ` Did you mean "${close}"?`;
  return new HaleError(
    "usage",
    `There is no event of type "${word}".${hint} There are: ${EVENT_TYPES.join(", ")}.`,
    { fields: { type: word, known: EVENT_TYPES } },
  );
}

/** A service that is gone by now may have events; one that has none and never was is a slip. */
function checkServices(
  names: readonly string[],
  { id, place, spec }: FoundRuntime,
  { home }: AppContext,
): void {
  const known = new Set([
    ...spec?.services.map(({ name }) => name) ?? [],
    ...readServices(runtimePaths(home, id), id).map(({ service_id }) => service_id),
  ]);
  const unknown = names.find((name) => !known.has(name));
  if (unknown !== undefined) throw unknownService(unknown, place, known);
}
