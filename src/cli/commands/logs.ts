import { openContext } from "../../app/context.ts";
import { knownRuntime } from "../../app/project.ts";
import { status } from "../../app/status.ts";
import { tailLines } from "../../logs/tail_lines.ts";
import { unknownService } from "../../model/unknown_service.ts";
import type { InvocationOf } from "../commands.ts";
import { followLogs, logFiles } from "../follow_logs.ts";
import { createPrefix } from "../render/prefix.ts";

/** `hale logs`: shows what services write. */
export async function run(invocation: InvocationOf<"logs">): Promise<number> {
  const { args, flags, common, output, signal } = invocation;
  const context = openContext(common);
  const runtime = await knownRuntime(context, common.config);
  const known = (await status(runtime.id, runtime.spec, context)).map(({ name }) => name);
  for (const name of args.service) {
    if (!known.includes(name)) throw unknownService(name, runtime.id, known);
  }
  const streams = flags.stderr ? "stderr" : "stdout";
  if (flags.follow) {
    const options = { context, output, lines: flags.lines, streams, signal } as const;
    await followLogs(runtime.id, args.service, options);
    return 0;
  }
  const prefix = args.service.length > 1
    ? createPrefix(args.service, output.stdout.paint)
    : () => "";
  for (const name of args.service) {
    const files = logFiles(context.home, { runtimeId: runtime.id, name, streams });
    const lines = files.flatMap((path) => tailLines(path, flags.lines).lines);
    if (common.json) { for (const line of lines) output.jsonLine({ service: name, line }); }
    else for (const line of lines) output.result(prefix(name) + line);
    if (lines.length === 0) output.note(`${name} has written nothing to ${streams}`);
  }
  return 0;
}
