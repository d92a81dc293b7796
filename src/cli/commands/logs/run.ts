import { openContext } from "../../../app/context.ts";
import { findRuntime } from "../../../app/project/find_runtime.ts";
import { knownServices } from "../../../app/services/status.ts";
import { unknownService } from "../../../model/unknown_service.ts";
import type { Invocation } from "../../command.ts";
import { reportSupervisor } from "../../services/report_supervisor.ts";
import {
  followLogs,
  type LogStreams,
  showLogs,
  type ShowLogsOptions,
} from "../../services/follow_logs.ts";
import type { spec } from "./spec.ts";

/** Applies without -n and --since. */
const DEFAULT_LINES = 20;

/** `hale logs`: shows the output of services. */
export async function run(invocation: Invocation<typeof spec>): Promise<number> {
  const { args, flags, common, output, signal } = invocation;
  const context = openContext(common);
  const names = [...new Set(args.service)];
  const runtime = await findRuntime(context, common.config, names);
  await reportSupervisor(context, output);
  const known = knownServices(runtime.id, runtime.spec, context);
  for (const name of names) {
    if (!known.includes(name)) throw unknownService(name, runtime.place, known);
  }
  const streams: LogStreams = flags.stdout ? "stdout" : flags.stderr ? "stderr" : "both";
  const options: ShowLogsOptions = {
    context,
    output,
    json: common.json,
    named: names.length > 1,
    lines: flags.lines ?? (flags.since === null ? DEFAULT_LINES : null),
    since: flags.since === null ? null : Date.now() - flags.since,
    streams,
  };
  if (flags.follow) {
    await followLogs(runtime.id, names, { ...options, signal });
    return 0;
  }
  const where = streams === "both" ? "" : ` on ${streams}`;
  const when = flags.since === null ? "" : " in that time";
  for (const name of showLogs(runtime.id, names, options)) {
    output.note(`${name} has no output${where}${when}`);
  }
  return 0;
}
