import { openContext } from "../../app/context.ts";
import { knownRuntime } from "../../app/project.ts";
import { status } from "../../app/status.ts";
import type { TranscriptRecord } from "../../model/records.ts";
import { unknownService } from "../../model/unknown_service.ts";
import { readTranscript } from "../../store/read_runtime.ts";
import type { InvocationOf } from "../commands.ts";
import { renderTime } from "../render/time.ts";
import { renderTranscript } from "../render/transcript.ts";

/** `hale history`: the story of one service. */
export async function run(invocation: InvocationOf<"history">): Promise<number> {
  const { args, flags, common, output } = invocation;
  const context = openContext(common);
  const runtime = await knownRuntime(context, common.config);
  const known = (await status(runtime.id, runtime.spec, context)).map(({ name }) => name);
  if (!known.includes(args.service)) throw unknownService(args.service, runtime.id, known);
  const service = { runtimeId: runtime.id, serviceId: args.service };
  const { total } = await readTranscript(context.home, service, { start: 0, limit: 0 });
  const start = flags.start ?? Math.max(0, total - flags.limit);
  const { items, nextStart } = await readTranscript(context.home, service, {
    start,
    limit: flags.limit,
  });
  if (common.json) {
    output.json({ items, total, next_start: nextStart });
    return 0;
  }
  const show = (item: TranscriptRecord) => {
    const [first, ...more] = renderTranscript(item, output.stdout.paint);
    output.result(`${output.stdout.paint("dim", renderTime(item.at))}  ${first}`);
    for (const line of more) output.result(`    ${line}`);
  };
  items.forEach(show);
  if (total === 0) output.note(`${args.service} has no history: it was never started`);
  if (nextStart !== null) {
    output.note(`There is more: hale history ${args.service} --start ${nextStart}`);
  }
  return 0;
}
