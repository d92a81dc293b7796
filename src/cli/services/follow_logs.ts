/**
 * Shows the output of services.
 *
 * @module
 */

import type { AppContext } from "../../app/context.ts";
import type { RemovedLog } from "../../app/records/recover_removed_logs.ts";
import { followLogs as follow } from "../../logs/read/follow_logs.ts";
import { type ViewedLine, viewLogs, type ViewLogsOptions } from "../../logs/read/view_logs.ts";
import { runtimePaths, servicePaths } from "../../home/home_paths.ts";
import { printableJson } from "../../text/printable.ts";
import type { Output } from "../output/output.ts";
import { createPrefix } from "../render/prefix.ts";

/** Settings of {@linkcode showLogs}. */
export interface ShowLogsOptions extends Pick<ViewLogsOptions, "lines" | "since"> {
  readonly context: AppContext;
  readonly output: Output;
  /** Whether each line is a JSON object. */
  readonly json: boolean;
  /** Whether each line begins with the name of its service. */
  readonly named: boolean;
  readonly streams: LogStreams;
  /** Logs that were removed while their services run. @default none */
  readonly removed?: readonly RemovedLog[];
  /** Ends it immediately. */
  readonly signal: AbortSignal;
}

/** Settings of {@linkcode followLogs}. */
export interface FollowLogsOptions extends ShowLogsOptions {
  /** Ends it once everything written until the abort was shown. @default never */
  readonly finish?: AbortSignal;
}

/** The output streams to show. */
export type LogStreams = "stdout" | "stderr" | "both";

/** One stream of one service. */
interface ServiceLog {
  readonly service: string;
  readonly stream: "stdout" | "stderr";
  readonly path: string;
  readonly current?: string | undefined;
}

/** Lines are joined to chunks of about this size, to write less often. */
const CHUNK_CHARACTERS = 65_536;

/**
 * Shows the logs of services.
 *
 * @param runtimeId The runtime.
 * @param names The services.
 * @param options Which lines to show, and where.
 * @returns The names of the services without a line to show.
 * @throws {ReaderGone} If standard output was closed by its reader.
 */
export async function showLogs(
  runtimeId: string,
  names: readonly string[],
  options: ShowLogsOptions,
): Promise<readonly string[]> {
  const { lines } = view(logsOf(runtimeId, names, options), { ...options, unfinished: true });
  const silent = new Set(names);
  const show = lineWriter(names, options);
  await show(lines, ({ service }) => silent.delete(service));
  return [...silent];
}

/**
 * Shows the logs of services and every new line until a signal ends it. Log files that do not exist
 * yet are waited for.
 *
 * @param runtimeId The runtime.
 * @param names The services.
 * @param options Which lines to show, and where.
 */
export async function followLogs(
  runtimeId: string,
  names: readonly string[],
  options: FollowLogsOptions,
): Promise<void> {
  const { output, signal, finish } = options;
  const groups = logsOf(runtimeId, names, options);
  const { lines, ends } = view(groups, { ...options, unfinished: false });
  const either = AbortSignal.any(finish === undefined ? [signal] : [signal, finish]);
  const show = lineWriter(names, { ...options, signal: either });
  await show(lines);
  const logs = groups.flat();
  const followed = logs.map((log) => ({ path: log.path, from: ends.get(log)! }));
  const newLines = follow(followed, { signal, ...(finish === undefined ? {} : { finish }) });
  for await (const { index, lines, missed } of newLines) {
    const log = logs[index]!;
    if (missed) {
      output.warn(`${log.service}: lines are missing; rotation removed them before they were read`);
    }
    await show(lines.map((line) => ({ log, line })));
  }
}

function view(groups: readonly (readonly ServiceLog[])[], options: ViewLogsOptions) {
  const { lines, since, unfinished } = options;
  return viewLogs(groups, { lines, since, unfinished });
}

type Show = (
  lines: Iterable<ViewedLine<ServiceLog>>,
  onLine?: (log: ServiceLog) => void,
) => Promise<void>;

function lineWriter(
  names: readonly string[],
  { output, json, named, signal }: Pick<ShowLogsOptions, "output" | "json" | "named"> & {
    /** Ends the wait for a slow reader. */
    readonly signal: AbortSignal;
  },
): Show {
  const { stdout } = output;
  const prefix = named ? createPrefix(names, stdout.color) : () => "";
  const render = ({ log: { service, stream }, line }: ViewedLine<ServiceLog>) =>
    json ? printableJson({ service, stream, line }) : prefix(service) + stdout.programLine(line);
  return async (lines, onLine) => {
    let chunk = "";
    for (const each of lines) {
      onLine?.(each.log);
      chunk += render(each) + "\n";
      if (chunk.length < CHUNK_CHARACTERS) continue;
      stdout.write(chunk);
      chunk = "";
      await output.drained(signal);
    }
    if (chunk !== "") stdout.write(chunk);
    await output.drained(signal);
  };
}

function logsOf(
  runtimeId: string,
  names: readonly string[],
  { context, streams, removed = [] }: Pick<ShowLogsOptions, "context" | "streams" | "removed">,
): readonly (readonly ServiceLog[])[] {
  const chosen = streams === "both" ? ["stdout", "stderr"] as const : [streams];
  return names.map((service) => {
    const paths = servicePaths(runtimePaths(context.home, runtimeId), service);
    return chosen.map((stream) => {
      const path = paths[stream];
      const current = removed.find((log) => log.path === path)?.copy ?? undefined;
      return { service, stream, path, current };
    });
  });
}
