import { type AppContext, openContext } from "../../../app/context.ts";
import { findRuntime } from "../../../app/project/find_runtime.ts";
import { launchedConfig } from "../../../app/records/launched_config.ts";
import { knownServices } from "../../../app/services/status.ts";
import { HaleError } from "../../../errors.ts";
import type { TranscriptRecord } from "../../../model/records.ts";
import { unknownService } from "../../../model/unknown_service.ts";
import { readTranscript } from "../../../store/runtime/read_transcript.ts";
import type { Invocation } from "../../command.ts";
import { reportSupervisor } from "../../services/report_supervisor.ts";
import { renderConfigBundle, shortDigest } from "../../render/config_bundle.ts";
import { renderTime } from "../../render/time.ts";
import { renderTranscript } from "../../render/transcript.ts";
import type { spec } from "./spec.ts";

/** `hale history`: shows the transcript of a service, or the configuration of a launch. */
export async function run(invocation: Invocation<typeof spec>): Promise<number> {
  const { args, flags, common, output } = invocation;
  if (args.digest !== null && !flags.showConfig) {
    throw new HaleError(
      "usage",
      `DIGEST ("${args.digest}") needs --config, which shows the configuration of a launch. ` +
        "Add --config or remove the digest.",
    );
  }
  const context = openContext(common);
  const runtime = await findRuntime(context, common.config, [args.service]);
  await reportSupervisor(context, output);
  const known = knownServices(runtime.id, runtime.spec, context);
  if (!known.includes(args.service)) throw unknownService(args.service, runtime.place, known);
  const service = { runtimeId: runtime.id, serviceId: args.service };
  if (flags.showConfig) await showConfig(invocation, context, service);
  else await showTranscript(invocation, context, service);
  return 0;
}

interface ServiceId {
  readonly runtimeId: string;
  readonly serviceId: string;
}

async function showTranscript(
  { flags, common, output }: Invocation<typeof spec>,
  { home }: AppContext,
  service: ServiceId,
): Promise<void> {
  const { total } = await readTranscript(home, service, { start: 0, limit: 0 });
  const start = flags.start ?? Math.max(0, total - flags.limit);
  const page = await readTranscript(home, service, { start, limit: flags.limit });
  const { items, nextStart, oldestStart } = page;
  if (common.json) {
    output.json({ items, total, next_start: nextStart, oldest_start: oldestStart });
    return;
  }
  const { color } = output.stdout;
  const show = (item: TranscriptRecord) => {
    const [first, ...more] = renderTranscript(item, color);
    output.result(`${color("dim", renderTime(item.at))}  ${first}`);
    for (const line of more) output.result(`    ${line}`);
  };
  items.forEach(show);
  if (total === 0) output.note(`${service.serviceId} was never started`);
  if (flags.start !== null && flags.start < oldestStart) {
    output.note(`the first ${oldestStart} records were removed by retention`);
  }
  if (nextStart !== null) {
    output.note(`more records: hale history ${service.serviceId} --start ${nextStart}`);
  }
}

async function showConfig(
  { args, common, output }: Invocation<typeof spec>,
  context: AppContext,
  service: ServiceId,
): Promise<void> {
  const { bundle, kept } = await launchedConfig(context, service, args.digest);
  if (common.json) {
    output.json(bundle);
    return;
  }
  output.result(renderConfigBundle(bundle, output.stdout.color));
  const others = kept.filter(({ config_digest }) => config_digest !== bundle.config_digest);
  if (others.length === 0) return;
  const list = others.map(({ config_digest, first_launched_at }) =>
    `  ${shortDigest(config_digest)}  first launched ${renderTime(first_launched_at)}`
  );
  output.note(
    ["Other launch configurations (show one with --config DIGEST):", ...list].join("\n"),
  );
}
