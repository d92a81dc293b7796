import type { LogSample } from "../layout/log_index.ts";
import type { LogPosition } from "../layout/log_layout.ts";
import type { LogReader } from "./log_reader.ts";
import { NEWLINE } from "../../files/line_splitter.ts";

/** How far the start of a line is searched. Longer lines are cut when they are shown. */
const LINE_BYTES = 65_536;

/**
 * Returns where to start reading for all lines since a time.
 *
 * @param log The log.
 * @param since Time in milliseconds since 1970.
 * @param samples The samples of the log, oldest first.
 * @returns The start of a line. All lines before it are older than `since`. Some lines after it may
 * be older too, because the samples are seconds apart.
 */
export function firstLineSince(
  log: LogReader,
  since: number,
  samples: readonly LogSample[],
): LogPosition {
  const byte = samples.findLast(({ at }) => at < since)?.end;
  if (byte === undefined) return log.start();
  // A sample or a rotation may be in the middle of a line.
  const { generation, offset } = log.locate(byte - 1);
  if (generation + offset !== byte - 1) return log.locate(byte);
  const before = new Uint8Array(Math.min(LINE_BYTES, offset + 1));
  const from = { generation, offset: offset + 1 - before.length };
  const newline = log.read(from, before).bytes.lastIndexOf(NEWLINE);
  if (newline === before.length - 1) return log.locate(byte);
  return { generation, offset: from.offset + newline + 1 };
}
