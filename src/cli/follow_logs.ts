/**
 * Showing what several services write, as they write it.
 *
 * @module
 */

import type { AppContext } from "../app/context.ts";
import { followFile } from "../logs/follow_file.ts";
import { tailLines } from "../logs/tail_lines.ts";
import { runtimePaths, servicePaths } from "../store/home_paths.ts";
import type { Output } from "./output.ts";
import { createPrefix } from "./render/prefix.ts";

/** Settings of {@linkcode followLogs}. */
export interface FollowLogsOptions {
  readonly context: AppContext;
  readonly output: Output;
  /** Lines of before to begin with, of each file. */
  readonly lines: number;
  readonly streams: "stdout" | "stderr" | "both";
  readonly signal: AbortSignal;
}

/**
 * Shows the logs of services until the signal ends it; of several, each line with its name.
 *
 * @param runtimeId The runtime.
 * @param names The services.
 * @param options Which streams, and where.
 */
export async function followLogs(
  runtimeId: string,
  names: readonly string[],
  options: FollowLogsOptions,
): Promise<void> {
  const { context, output, lines, streams, signal } = options;
  const prefix = names.length > 1 || streams === "both"
    ? createPrefix(names, output.stdout.paint)
    : () => "";
  // One stream that fails, such as a reader that is gone, ends them all.
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const follow = async (name: string, path: string) => {
    const before = tailLines(path, lines);
    const shown = before.unfinished ? before.lines.slice(0, -1) : before.lines;
    for (const line of shown) output.result(prefix(name) + line);
    for await (const line of followFile(path, { from: before.end, signal: either })) {
      output.result(prefix(name) + line);
    }
  };
  const all = names.flatMap((name) =>
    logFiles(context.home, { runtimeId, name, streams }).map((path) =>
      follow(name, path).catch((error) => {
        failed.abort();
        throw error;
      })
    )
  );
  await Promise.all(all);
}

/**
 * The log files of a service.
 *
 * @param home Absolute path of the home.
 * @param service Whose, and which streams.
 * @returns Their paths.
 */
export function logFiles(
  home: string,
  service: { runtimeId: string; name: string; streams: FollowLogsOptions["streams"] },
): readonly string[] {
  const paths = servicePaths(runtimePaths(home, service.runtimeId), service.name);
  if (service.streams === "both") return [paths.stdout, paths.stderr];
  return [service.streams === "stdout" ? paths.stdout : paths.stderr];
}
