import { openContext } from "../../../app/context.ts";
import { findRuntime } from "../../../app/project/find_runtime.ts";
import { recoverRemovedLogs, type RemovedLog } from "../../../app/records/recover_removed_logs.ts";
import { knownServices } from "../../../app/services/status.ts";
import { unknownService } from "../../../model/unknown_service.ts";
import { basename } from "../../../platform/path.ts";
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
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw unknownService(unknown, runtime.place, known);
  const streams: LogStreams = flags.stdout ? "stdout" : flags.stderr ? "stderr" : "both";
  using removed = await recoverRemovedLogs(context.home, runtime.id, names);
  for (const log of removed.logs) output.warn(describeRemoved(log, flags.follow));
  const options: ShowLogsOptions = {
    removed: removed.logs,
    context,
    output,
    json: common.json,
    named: names.length > 1,
    lines: flags.lines ?? (flags.since === null ? DEFAULT_LINES : null),
    since: flags.since === null ? null : Date.now() - flags.since,
    streams,
    signal,
  };
  if (flags.follow) {
    await followLogs(runtime.id, names, options);
    return 0;
  }
  const where = streams === "both" ? "" : ` on ${streams}`;
  const when = flags.since === null ? "" : " in that time";
  for (const name of await showLogs(runtime.id, names, options)) {
    output.note(`${name} has no output${where}${when}`);
  }
  return 0;
}

function describeRemoved({ service, path, copy }: RemovedLog, isFollowed: boolean): string {
  const shown = copy === null
    ? "What it writes since cannot be shown"
    : isFollowed
    ? "What it has written until now is shown, and nothing that follows"
    : "What it has written is shown";
  return `${
    basename(path)
  } of ${service} was removed while it runs. ${shown}, and is lost when it ` +
    `exits; its next launch opens a new file (\`hale restart ${service}\`).`;
}
