import { openContext } from "../../app/context.ts";
import { followEvents } from "../../app/follow_events.ts";
import { knownRuntime } from "../../app/project.ts";
import type { EventRecord } from "../../model/records.ts";
import { formatCursor, parseCursor } from "../../store/event_cursor.ts";
import { newestEventId, readEvents } from "../../store/read_runtime.ts";
import type { InvocationOf } from "../commands.ts";
import { renderEvent } from "../render/event.ts";
import { createPrefix } from "../render/prefix.ts";
import { renderTime } from "../render/time.ts";

/** `hale events`: shows what happened to all services. */
export async function run(invocation: InvocationOf<"events">): Promise<number> {
  const { flags, common, output, signal } = invocation;
  const context = openContext(common);
  const runtime = await knownRuntime(context, common.config);
  const names = runtime.spec?.services.map(({ name }) => name) ?? [];
  const prefix = createPrefix(names, output.stdout.paint);
  const show = (event: EventRecord) => {
    if (common.json) {
      output.jsonLine({ ...event, cursor: formatCursor(runtime.id, event.id + 1) });
      return;
    }
    const text = renderEvent(event, output.stdout.paint) ?? event.type;
    const time = output.stdout.paint("dim", renderTime(event.at));
    output.result(`${time}  ${event.service === null ? "" : prefix(event.service)}${text}`);
  };

  const newest = newestEventId(context.home, runtime.id);
  const cursor = flags.after ??
    formatCursor(runtime.id, Math.max(1, newest - flags.limit + 1));
  const batch = await readEvents(context.home, runtime.id, { cursor, limit: flags.limit });
  batch.events.forEach(show);
  if (batch.hasMore && !flags.follow) {
    output.note(`There is more: hale events --after ${batch.cursor}`);
  }
  if (!flags.follow) return 0;

  const after = batch.events.at(-1)?.id ?? parseCursor(cursor, runtime.id) - 1;
  for await (const event of followEvents(context.home, runtime.id, { after, signal })) show(event);
  return 0;
}
