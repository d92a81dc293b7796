/**
 * Showing what services write, and have written.
 *
 * @module
 */

import type { AppContext } from "../../app/context.ts";
import { followLogs as follow } from "../../logs/read/follow_logs.ts";
import { type ViewedLine, viewLogs, type ViewLogsOptions } from "../../logs/read/view_logs.ts";
import { runtimePaths, servicePaths } from "../../home/home_paths.ts";
import type { Output } from "../output/output.ts";
import { createPrefix } from "../render/prefix.ts";

/** Settings of {@linkcode showLogs}. */
export interface ShowLogsOptions extends Pick<ViewLogsOptions, "lines" | "since"> {
  readonly context: AppContext;
  readonly output: Output;
  /** Whether each line is a JSON object. */
  readonly json: boolean;
  /** Whether each line has the name of its service before it. */
  readonly named: boolean;
  readonly streams: LogStreams;
}

/** Settings of {@linkcode followLogs}. */
export interface FollowLogsOptions extends ShowLogsOptions {
  /** Ends it at once. */
  readonly signal: AbortSignal;
  /** Ends it when all that was written by then is shown. @default never */
  readonly finish?: AbortSignal;
}

/** What a service writes to. */
export type LogStreams = "stdout" | "stderr" | "both";

/** One stream of one service. */
interface ServiceLog {
  readonly service: string;
  readonly stream: "stdout" | "stderr";
  readonly path: string;
}

/** So much is written at once. */
const CHUNK_CHARACTERS = 65_536;

/**
 * Shows what services have written.
 *
 * @param runtimeId The runtime.
 * @param names The services.
 * @param options Which lines, and where to.
 * @returns The names of those of which there was nothing to show.
 */
export function showLogs(
  runtimeId: string,
  names: readonly string[],
  options: ShowLogsOptions,
): readonly string[] {
  const { lines } = view(logsOf(runtimeId, names, options), { ...options, unfinished: true });
  const silent = new Set(names);
  const show = lineWriter(names, options);
  show(lines, ({ service }) => silent.delete(service));
  return [...silent];
}

/**
 * Shows what services have written and what they write from the call on, whenever their files come,
 * until a signal ends it.
 *
 * @param runtimeId The runtime.
 * @param names The services.
 * @param options Which lines, and where to.
 */
export async function followLogs(
  runtimeId: string,
  names: readonly string[],
  options: FollowLogsOptions,
): Promise<void> {
  const { output, signal, finish } = options;
  const groups = logsOf(runtimeId, names, options);
  const { lines, ends } = view(groups, { ...options, unfinished: false });
  const show = lineWriter(names, options);
  show(lines);
  const logs = groups.flat();
  const followed = logs.map((log) => ({ path: log.path, from: ends.get(log)! }));
  const written = follow(followed, { signal, ...(finish === undefined ? {} : { finish }) });
  for await (const { index, lines, missed } of written) {
    const log = logs[index]!;
    if (missed) {
      output.warn(`lines of ${log.service} were rotated away before they could be shown`);
    }
    show(lines.map((line) => ({ log, line })));
  }
}

function view(groups: readonly (readonly ServiceLog[])[], options: ViewLogsOptions) {
  const { lines, since, unfinished } = options;
  return viewLogs(groups, { lines, since, unfinished });
}

type Show = (
  lines: Iterable<ViewedLine<ServiceLog>>,
  onLine?: (log: ServiceLog) => void,
) => void;

function lineWriter(
  names: readonly string[],
  { output, json, named }: Pick<ShowLogsOptions, "output" | "json" | "named">,
): Show {
  const { stdout } = output;
  const prefix = named ? createPrefix(names, stdout.color) : () => "";
  const render = ({ log: { service, stream }, line }: ViewedLine<ServiceLog>) =>
    json ? JSON.stringify({ service, stream, line }) : prefix(service) + line;
  return (lines, onLine) => {
    let chunk = "";
    for (const each of lines) {
      onLine?.(each.log);
      chunk += render(each) + "\n";
      if (chunk.length < CHUNK_CHARACTERS) continue;
      stdout.write(chunk);
      chunk = "";
    }
    if (chunk !== "") stdout.write(chunk);
  };
}

function logsOf(
  runtimeId: string,
  names: readonly string[],
  { context, streams }: Pick<ShowLogsOptions, "context" | "streams">,
): readonly (readonly ServiceLog[])[] {
  const chosen = streams === "both" ? ["stdout", "stderr"] as const : [streams];
  return names.map((service) => {
    const paths = servicePaths(runtimePaths(context.home, runtimeId), service);
    return chosen.map((stream) => ({ service, stream, path: paths[stream] }));
  });
}
