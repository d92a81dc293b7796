import { assertEquals, assertStringIncludes } from "@std/assert";
import { readTables } from "../../../src/config/read_tables.ts";
import { DEFAULT_STORE, type StoreSpec } from "../../../src/model/service_spec.ts";
import { expectError } from "../../store/expect_error.ts";

const KIB = 1024;

Deno.test("readTables() sets segment to an eighth of max_size when it is not given", async () => {
  assertEquals(await storeOf(undefined), DEFAULT_STORE);
  assertEquals(await storeOf({}), DEFAULT_STORE);
  assertEquals(
    await storeOf({
      events: { max_size: "16KiB" },
      transcripts: { max_size: "10KiB", segment: "5KiB" },
    }),
    {
      events: { segment_bytes: 2 * KIB, max_bytes: 16 * KIB },
      transcripts: { segment_bytes: 5 * KIB, max_bytes: 10 * KIB },
    },
  );
});

Deno.test("readTables() names the key and what was expected when [store] is invalid", async () => {
  const cases: [unknown, string, string][] = [
    ["64MiB", "store", "expected a table, such as [store] with events"],
    [{ event: {} }, "store.event", "unknown key; did you mean `events`?"],
    [
      { events: { max_size: 5 } },
      "store.events.max_size",
      'the unit is missing: write "5MiB" or "5B"',
    ],
    [
      { events: { keep: 5 } },
      "store.events.keep",
      "unknown key; expected one of max_size, segment",
    ],
    [
      { events: { max_size: "8KiB", segment: "5KiB" } },
      "store.events.max_size",
      "expected from 2 to 200 times `segment`, which is 5120 bytes",
    ],
    [{ transcripts: { segment: "1KiB" } }, "store.transcripts.max_size", "which is 1024 bytes"],
  ];
  for (const [store, key, message] of cases) {
    const error = await expectError(() => storeOf(store), "config_invalid");
    const [problem, ...more] = error.fields.problems as { key: string; message: string }[];
    assertEquals({ key: problem?.key, more }, { key, more: [] });
    assertStringIncludes(problem!.message, message);
  }
});

async function storeOf(store: unknown): Promise<StoreSpec> {
  const tables = { name: "app", services: { a: { command: "true" } } };
  const spec = await readTables(store === undefined ? tables : { ...tables, store }, {
    folder: "/",
    env: {},
    target: { os: "linux", arch: "amd64" },
    dataDir: () => "/data",
  });
  return spec.store;
}
