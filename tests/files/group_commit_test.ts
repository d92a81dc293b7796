import { assertEquals, assertRejects } from "@std/assert";
import { GroupCommit } from "../../src/files/group_commit.ts";

Deno.test("GroupCommit shares one run among those who ask in the same turn", async () => {
  let runs = 0;
  const sync = new GroupCommit(() => Promise.resolve(void runs++));
  await Promise.all([sync.request(), sync.request(), sync.request()]);
  assertEquals(runs, 1);
  await sync.request();
  assertEquals(runs, 2);
});

Deno.test("GroupCommit starts another run for those who ask during one", async () => {
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

Deno.test("GroupCommit tells those who wait of a failure, and goes on", async () => {
  let runs = 0;
  const sync = new GroupCommit(() =>
    runs++ === 0 ? Promise.reject(new Error("disk")) : Promise.resolve()
  );
  await assertRejects(() => sync.request(), Error, "disk");
  await sync.request();
  assertEquals(runs, 2);
});
