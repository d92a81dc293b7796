import type { LogSample } from "../layout/log_index.ts";
import type { LogPosition } from "../layout/log_layout.ts";
import type { LogReader } from "./log_reader.ts";
import { NEWLINE } from "../../files/newline.ts";

/** A line is not looked for further than this: it is cut when it is shown. */
const LINE_BYTES = 65_536;

/**
 * Where to begin to see all that was written since a time.
 *
 * @param log The log.
 * @param since In milliseconds since 1970.
 * @param samples Of the log, oldest first.
 * @returns The beginning of a line. No line before it was written since; some that follow it may
 * have been written before, as the samples lie seconds apart.
 */
export function firstLineSince(
  log: LogReader,
  since: number,
  samples: readonly LogSample[],
): LogPosition {
  const byte = samples.findLast(({ at }) => at < since)?.end;
  if (byte === undefined) return log.start();
  // The program may have been in the middle of a line when somebody looked at the log, or rotated it.
  const { generation, offset } = log.locate(byte - 1);
  if (generation + offset !== byte - 1) return log.locate(byte);
  const before = new Uint8Array(Math.min(LINE_BYTES, offset + 1));
  const from = { generation, offset: offset + 1 - before.length };
  const newline = log.read(from, before).bytes.lastIndexOf(NEWLINE);
  if (newline === before.length - 1) return log.locate(byte);
  return { generation, offset: from.offset + newline + 1 };
}
