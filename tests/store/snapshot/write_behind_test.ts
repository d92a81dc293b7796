import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import * as v from "valibot";
import { readSnapshotFile } from "../../../src/store/snapshot/snapshot_file.ts";
import { previousPath, WriteBehind } from "../../../src/store/snapshot/write_behind.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { expectError } from "../expect_error.ts";

Deno.test("replace() keeps the last synced version until the new one is synced", async () => {
  using folder = new TempFolder();
  const path = folder.join("x.json");
  const previous = () => folder.read("x.previous.json");
  assertEquals(previousPath(path), folder.join("x.previous.json"));
  const writes = new WriteBehind();
  writes.replace(path, "one", "save x");
  writes.replace(path, "two", "save x");
  assertEquals(previous(), ""); // Neither was synced.
  await writes.flush();
  writes.replace(path, "three", "save x");
  assertEquals(previous(), "two");
  writes.replace(path, "four", "save x");
  assertEquals([previous(), folder.read("x.json")], ["two", "four"]);
  await writes.flush();
  writes.replace(path, "five", "save x");
  assertEquals([previous(), folder.read("x.json")], ["four", "five"]);
  await writes.flush();
});

Deno.test("replace() syncs and keeps the version that another process wrote", async () => {
  using folder = new TempFolder();
  const path = folder.write("x.json", "old");
  const writes = new WriteBehind();
  writes.replace(path, "new", "save x");
  assertEquals(folder.read("x.previous.json"), "old");
  await writes.flush();
});

Deno.test("replaceNow() writes nothing when the contents are the same", async () => {
  using folder = new TempFolder();
  const path = folder.join("x.json");
  const writes = new WriteBehind();
  writes.replaceNow(path, "one", "save x");
  const { ino } = Deno.statSync(path);
  writes.replaceNow(path, "one", "save x");
  new WriteBehind().replaceNow(path, "one", "save x");
  assertEquals(Deno.statSync(path).ino, ino);
  writes.replaceNow(path, "two", "save x");
  assertEquals(folder.read("x.json"), "two");
  Deno.removeSync(path);
  Deno.mkdirSync(folder.join("x.json", "full"), { recursive: true });
  await expectError(() => writes.replaceNow(path, "three", "save x"), "store_io");
});

/** Effects of a power cut on a file that is not synced. */
const CUTS: readonly ((path: string) => void)[] = [
  (path) => Deno.truncateSync(path, 0),
  (path) => Deno.writeFileSync(path, new Uint8Array(Deno.statSync(path).size)),
  (path) => Deno.truncateSync(path, 512),
];

Deno.test("replace() loses no synced version when the power is cut at any time", async () => {
  const steps = fc.array(fc.constantFrom("write", "flush"), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(steps, fc.constantFrom(...CUTS), async (steps, cut) => {
      using folder = new TempFolder();
      const path = folder.join("x.json");
      const writes = new WriteBehind();
      let [written, durable] = [0, 0];
      for (const step of steps) {
        if (step === "write") writes.replace(path, text(++written), "save x");
        else {
          await writes.flush();
          durable = written;
        }
      }
      // Synced versions stay; others may be lost.
      if (durable < written) cut(path);
      const found = readSnapshotFile<Version>(path, {
        kind: "environment",
        operation: "read x",
        rules: v.object({ schema_version: v.number(), version: v.number() }, "an object"),
      });
      const version = found?.snapshot?.version ?? 0;
      assert(version >= durable && version <= written, `${version}, ${durable} was on disk`);
      assertEquals(found?.damaged ?? false, durable < written);
      await writes.flush();
    }),
    { numRuns: 60 },
  );
});

interface Version {
  readonly schema_version: number;
  readonly version: number;
}

function text(version: number): string {
  return JSON.stringify({ schema_version: 2, version, filling: "x".repeat(600) }) + "\n";
}
