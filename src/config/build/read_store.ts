import * as v from "valibot";
import { type LogLimits, MAX_SEGMENTS, type StoreSpec } from "../../model/service_spec.ts";
import { checkTable } from "../schema/check_table.ts";
import type { Problems } from "../schema/problems.ts";
import { StoreTable } from "../schema/schema.ts";
import { isTable } from "../schema/schema_values.ts";

/**
 * Reads the table `[store]`.
 *
 * @param value The value of the table; undefined if there is none.
 * @param problems Where to report.
 * @returns The retention of events and transcripts.
 */
export function readStore(value: unknown, problems: Problems): StoreSpec {
  if (value !== undefined && !isTable(value)) {
    problems.add(
      ["store"],
      'expected a table, such as [store] with events = { max_size = "64MiB" }',
      { value },
    );
  }
  const written = isTable(value) ? value : {};
  const { table, whole } = checkTable(StoreTable, written, { path: ["store"], problems });
  const { events, transcripts } = v.parse(StoreTable, table);
  const limits = { events: limitsOf(events), transcripts: limitsOf(transcripts) };
  // An invalid size was replaced by its default and must not be compared.
  if (whole) {
    for (const key of ["events", "transcripts"] as const) checkLimits(key, limits[key], problems);
  }
  return limits;
}

function limitsOf({ max_size, segment }: StoreTable["events"]): LogLimits {
  return { segment_bytes: segment ?? Math.floor(max_size / 8), max_bytes: max_size };
}

function checkLimits(
  key: keyof StoreSpec,
  { segment_bytes, max_bytes }: LogLimits,
  problems: Problems,
): void {
  if (max_bytes >= 2 * segment_bytes && max_bytes <= MAX_SEGMENTS * segment_bytes) return;
  problems.add(
    ["store", key, "max_size"],
    `expected from 2 to ${MAX_SEGMENTS} times \`segment\`, which is ${segment_bytes} bytes`,
  );
}
