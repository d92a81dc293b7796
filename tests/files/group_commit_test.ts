import { assertEquals, assertRejects } from "@std/assert";
import { GroupCommit } from "../../src/files/group_commit.ts";

Deno.test("GroupCommit runs once for all requests of the same turn", async () => {
  let runs = 0;
  const sync = new GroupCommit(() => Promise.resolve(void runs++));
  await Promise.all([sync.request(), sync.request(), sync.request()]);
  assertEquals(runs, 1);
  await sync.request();
  assertEquals(runs, 2);
});

Deno.test("GroupCommit runs again for requests made during a run", async () => {
  const gates: PromiseWithResolvers<void>[] = [];
  const started: PromiseWithResolvers<void>[] = [Promise.withResolvers(), Promise.withResolvers()];
  const sync = new GroupCommit(() => {
    const gate = Promise.withResolvers<void>();
    gates.push(gate);
    started[gates.length - 1]!.resolve();
    return gate.promise;
  });
  const settled: string[] = [];
  const first = sync.request().then(() => settled.push("first"));
  await started[0]!.promise;
  const late = [sync.request(), sync.request()].map((each) =>
    each.then(() => settled.push("late"))
  );
  gates[0]!.resolve();
  await first;
  await started[1]!.promise;
  assertEquals(settled, ["first"]);
  gates[1]!.resolve();
  await Promise.all(late);
  assertEquals(settled, ["first", "late", "late"]);
  assertEquals(gates.length, 2);
});

Deno.test("GroupCommit rejects the requests of a failed run, and continues", async () => {
  let runs = 0;
  const sync = new GroupCommit(() =>
    runs++ === 0 ? Promise.reject(new Error("disk")) : Promise.resolve()
  );
  await assertRejects(() => sync.request(), Error, "disk");
  await sync.request();
  assertEquals(runs, 2);
});
