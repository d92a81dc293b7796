import { assertEquals } from "@std/assert";
import { writeFileAtomicSync, writeFileDurableSync } from "../../src/files/atomic_file.ts";
import { JsonLinesWriter } from "../../src/store/jsonl/writer.ts";
import { TempFolder } from "../fixtures/temp_folder.ts";
import { unixTest } from "../fixtures/unix_test.ts";
import { DiskCalls } from "./disk_calls.ts";

interface SampleRecord {
  readonly text: string;
}

/** A folder with a fixed name. */
class NamedFolder extends TempFolder {
  readonly folder = this.join("folder");

  constructor() {
    super();
    Deno.mkdirSync(this.folder);
  }
}

unixTest(
  "writeFileDurableSync() syncs the contents before the rename, and the folder before it returns",
  () => {
    using home = new NamedFolder();
    using disk = new DiskCalls();
    writeFileDurableSync(`${home.folder}/x.json`, "one", "save x");
    assertEquals(disk.seen, ["sync .x.json.tmp", "rename x.json", "sync folder"]);
  },
);

unixTest("writeFileAtomicSync() syncs nothing", () => {
  using home = new NamedFolder();
  using disk = new DiskCalls();
  writeFileAtomicSync(`${home.folder}/x.json`, "one", "save x");
  assertEquals(disk.seen, ["rename x.json"]);
});

unixTest(
  "append() is durable once the file is synced, and for a new file also its folder",
  async () => {
    using home = new NamedFolder();
    using disk = new DiskCalls();
    const limits = { segment_bytes: 200, max_bytes: 1e9 };
    const log = JsonLinesWriter.open<SampleRecord>(`${home.folder}/log.jsonl`, {
      operation: "append",
      limits,
    });
    await log.append({ text: "one" }).durable;
    assertEquals(disk.take(), ["sync log.jsonl", "sync folder"]);
    await log.append({ text: "two" }).durable;
    assertEquals(disk.take(), ["sync log.jsonl"]);

    // Concurrent requests share it.
    const { durable: three } = log.append({ text: "three" });
    const { durable: four } = log.append({ text: "x".repeat(200) });
    await Promise.all([three, four]);
    assertEquals(disk.take(), [
      "rename log-0000000000000001.jsonl",
      "sync log.jsonl",
      "sync log.jsonl",
      "sync folder",
    ]);
  },
);

unixTest("append() syncs once when fifty records are appended at once", async () => {
  using home = new NamedFolder();
  const log = JsonLinesWriter.open<SampleRecord>(`${home.folder}/log.jsonl`, {
    operation: "append",
  });
  await log.append({ text: "first" }).durable;
  using disk = new DiskCalls();
  const appended = Array.from({ length: 50 }, (_, number) => log.append({ text: `${number}` }));
  await Promise.all(appended.map(({ durable }) => durable));
  assertEquals(disk.seen, ["sync log.jsonl"]);
});
