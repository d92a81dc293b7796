import { assertEquals } from "@std/assert";
import { DeferredWrites } from "../../../src/app/supervisor/deferred_writes.ts";
import { until } from "../../fixtures/until.ts";

const FULL = Object.assign(new Error("the disk is full"), { code: "ENOSPC" });

Deno.test("DeferredWrites writes later, in order, and reports each shortage once", async () => {
  const problems: unknown[] = [];
  const written: number[] = [];
  let isFull = false;
  const writes = new DeferredWrites((error) => problems.push(error));
  const add = (value: number) =>
    writes.add(() => {
      if (isFull) throw FULL;
      written.push(value);
    });
  add(1);
  isFull = true;
  for (const value of [2, 3, 4]) add(value);
  assertEquals(written, [1]);
  assertEquals(writes.writeAll(), FULL);
  isFull = false;
  await until(() => written.length === 4);
  assertEquals(written, [1, 2, 3, 4]);
  assertEquals(problems, [FULL]);
  assertEquals(writes.writeAll(), null);
});

Deno.test("DeferredWrites drops a write that fails for good, and continues", () => {
  const problems: unknown[] = [];
  const written: number[] = [];
  const writes = new DeferredWrites((error) => problems.push(error));
  const damaged = new Error("the log is damaged");
  writes.add(() => {
    throw damaged;
  });
  writes.add(() => written.push(2));
  assertEquals([problems, written], [[damaged], [2]]);
});

Deno.test("DeferredWrites.addLast() writes after all others, and only the newest", async () => {
  const written: string[] = [];
  let isFull = true;
  const write = (value: string) => () => {
    if (isFull) throw FULL;
    written.push(value);
  };
  const writes = new DeferredWrites(() => {});
  writes.addLast(write("old snapshot"));
  writes.add(write("act"));
  writes.addLast(write("new snapshot"));
  writes.add(write("later act"));
  assertEquals([writes.writeAll(), written], [FULL, []]);
  isFull = false;
  await until(() => written.length === 3);
  assertEquals(written, ["act", "later act", "new snapshot"]);
  assertEquals(writes.writeAll(), null);
});

Deno.test("DeferredWrites keeps a limited number of writes, and reports those above it", () => {
  const problems: unknown[] = [];
  const writes = new DeferredWrites((error) => problems.push(error));
  for (let count = 0; count <= 10_000; count++) {
    writes.add(() => {
      throw FULL;
    });
  }
  writes.close();
  assertEquals(problems.map((problem) => (problem as Error).message), [
    FULL.message,
    "more than 10000 records are not written yet",
  ]);
});
