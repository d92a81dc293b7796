import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { HaleError } from "../../../src/errors.ts";
import { runtimePaths, servicePaths } from "../../../src/home/home_paths.ts";
import type { EventRecord, RecordHead } from "../../../src/model/records.ts";
import { formatCursor, parseCursor } from "../../../src/store/events/event_cursor.ts";
import {
  newestEventId,
  readEvents,
  readLastEvents,
} from "../../../src/store/events/read_events.ts";
import { checkLog, quarantineLines } from "../../../src/store/jsonl/check_log.ts";
import { readRecords } from "../../../src/store/jsonl/read_records.ts";
import { JsonLinesWriter } from "../../../src/store/jsonl/writer.ts";
import { readTranscript } from "../../../src/store/runtime/read_transcript.ts";
import type { FuzzTarget, Input, OpenTarget } from "../fuzz_target.ts";
import { latin1 } from "../mutations.ts";
import { assertRefusal, resultOf } from "../properties.ts";

/** The runtime and the service whose logs are damaged. */
const RUNTIME = "app";
const SERVICE = "api";

/** Records that were acknowledged before the damage. */
const WHOLE = 5;

const line = (id: number, text = "x") =>
  JSON.stringify({
    id,
    at: "2026-01-01T00:00:00.000Z",
    type: "diagnostic",
    service: SERVICE,
    code: "sample",
    message: text,
  });

const GOOD = Array.from({ length: WHOLE }, (_, index) => `${line(index + 1)}\n`).join("");

const READ = { operation: "read a log" };

const piece = fc.oneof(
  fc.record({
    id: fc.integer({ min: 1, max: 40 }),
    text: fc.constantFrom("", "é😀", "z".repeat(3000)),
  })
    .map(({ id, text }) => line(id, text)),
  fc.tuple(fc.integer({ min: 5, max: 9 }), fc.nat(90)).map(([id, cut]) =>
    line(id, "é").slice(0, cut)
  ),
  fc.constantFrom("\0", "\0".repeat(600), "nonsense", "{}", "[1]", "null", '{"id":6}', " ", "\r"),
);

const inputs = fc.array(fc.tuple(piece, fc.constantFrom("\n", "\n", "\n", "\r\n", "", "\0")))
  .map((pieces) => new TextEncoder().encode(pieces.flat().join("")));

/** The end of a log after a crash: events, transcripts and cursors. */
export const open: OpenTarget = (folder): FuzzTarget => ({
  inputs,
  words: [...[6, 7, 5, 1].map((id) => `${line(id)}\n`), line(6), '{"id":', '"at":', "}\n", "\0"],
  check: async (input) => {
    const home = await Deno.makeTempDir({ dir: folder });
    try {
      const paths = runtimePaths(home, RUNTIME);
      const { transcript, folder } = servicePaths(paths, SERVICE);
      await Deno.mkdir(folder, { recursive: true });
      const good = new TextEncoder().encode(GOOD);
      for (const path of [paths.events, transcript]) {
        await Deno.writeFile(path, good);
        await Deno.writeFile(path, input, { append: true });
        await checkDamaged(path);
      }
      const id = await checkWriter(paths.events, input);
      assertEquals(await checkWriter(transcript, input), id);
      await checkEvents(home, paths.events);
      await checkTranscript(home, transcript);
      checkCursor(input);
    } finally {
      await Deno.remove(home, { recursive: true });
    }
  },
});

/** Before it is recovered: a reader and the doctor see all whole records, and name the broken line. */
async function checkDamaged(path: string): Promise<void> {
  const seen: number[] = [];
  const { error } = await resultOf(async () => {
    for await (const { id } of readRecords(path, READ)) seen.push(id);
  }, HaleError);
  assertEquals(seen.slice(0, WHOLE), [1, 2, 3, 4, 5]);
  if (error !== null) assertBrokenLine(error, path);
  const { faults, records } = await checkLog(path, "check a log");
  assert(records >= WHOLE);
  for (const fault of faults) assert(fault.line > WHOLE && fault.detail !== "", fault.detail);
}

function assertBrokenLine(error: HaleError, path: string): void {
  assertRefusal(error, { codes: ["store_corrupt"], names: `${path}, line ` });
  assert((error.fields.line as number) > WHOLE, error.message);
}

/** The next supervisor opens the log, if need be after a repair, and appends. Returns the id. */
async function checkWriter(path: string, input: Input): Promise<number> {
  const options = { operation: "append to a log" };
  let { value: writer, error } = await resultOf(
    () => JsonLinesWriter.open(path, options),
    HaleError,
  );
  if (error !== null) {
    assertBrokenLine(error, path);
    const { faults } = await checkLog(path, "check a log");
    quarantineLines(path, new Set(faults.map(({ line }) => line)), "repair a log");
    writer = JsonLinesWriter.open(path, options);
  }
  const { record, durable } = writer!.append({ type: "diagnostic", message: "after" });
  await durable;
  assert(record.id > WHOLE);
  await repairAll(path);
  const first = await all(path);
  assertEquals(await all(path), first, "a second read differs");
  assertEquals(first.slice(0, WHOLE).map(({ id }) => id), [1, 2, 3, 4, 5]);
  assertEquals(first.at(-1), record);
  for (const [index, { id }] of first.entries()) {
    if (index > 0) assert(id > first[index - 1]!.id, `${id} follows ${first[index - 1]!.id}`);
  }
  // Nothing is deleted: what is no record any more is beside the log.
  const left = latin1(Deno.readFileSync(path)) + latin1(readIfThere(`${path}.torn`));
  for (const part of latin1(input).split(/[\n\0]+/)) {
    assert(left.includes(part), `lost: ${JSON.stringify(part.slice(0, 200))}`);
  }
  return record.id;
}

/** What `hale doctor --repair` does with broken lines in the middle of a log. */
async function repairAll(path: string): Promise<void> {
  const { faults } = await checkLog(path, "check a log");
  if (faults.length === 0) return;
  const lines = new Set(faults.map(({ line }) => line));
  const { error } = await resultOf(() => all(path), HaleError);
  assert(error !== null, "a reader accepts what the doctor refuses");
  assertBrokenLine(error, path);
  quarantineLines(path, lines, "repair a log");
  assertEquals((await checkLog(path, "check a log")).faults, []);
}

async function all(path: string): Promise<RecordHead[]> {
  return await Array.fromAsync(readRecords(path, READ));
}

async function checkEvents(home: string, path: string): Promise<void> {
  const records = await all(path) as EventRecord[];
  const ids = records.map(({ id }) => id);
  const newest = ids.at(-1)!;
  assertEquals(newestEventId(home, RUNTIME), newest);
  const last = await readLastEvents(home, RUNTIME, { limit: 3 });
  assertEquals(last.events.map(({ id }) => id), ids.slice(-3));
  assertEquals(parseCursor(last.cursor, RUNTIME), newest);
  for (const after of new Set([0, ...ids.slice(0, 8), ...ids.slice(-3)])) {
    const cursor = formatCursor(RUNTIME, after);
    const batch = await readEvents(home, RUNTIME, { cursor, limit: 2 });
    assertEquals(batch.events, records.filter(({ id }) => id > after).slice(0, 2), cursor);
    assertEquals(parseCursor(batch.cursor, RUNTIME), batch.events.at(-1)?.id ?? after);
  }
}

async function checkTranscript(home: string, path: string): Promise<void> {
  const records = await all(path);
  const service = { runtimeId: RUNTIME, serviceId: SERVICE };
  const { items, total, nextStart } = await readTranscript(home, service, {
    start: 0,
    limit: 10_000,
  });
  assertEquals(items as readonly RecordHead[], records);
  assertEquals([total, nextStart], [records.at(-1)!.id, null]);
}

function checkCursor(input: Input): void {
  const text = new TextDecoder().decode(input.subarray(0, 300));
  for (const cursor of [text, `${RUNTIME}:${text}`]) {
    try {
      assertEquals(formatCursor(RUNTIME, parseCursor(cursor, RUNTIME)), cursor);
    } catch (error) {
      if (!(error instanceof HaleError)) throw error;
      assertRefusal(error, { codes: ["usage", "wrong_runtime_cursor"] });
    }
  }
}

function readIfThere(path: string): Uint8Array {
  try {
    return Deno.readFileSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return new Uint8Array();
  }
}
