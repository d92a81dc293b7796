import { assert, assertEquals } from "@std/assert";
import { Turns } from "../../../src/supervise/runtime/time_sliced_queue.ts";

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 3));
}

/** Keeps everybody waiting. */
function work(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** Long enough for what takes no time, however loaded the machine is. */
const LONG_MS = 60_000;

Deno.test("Turns.take() acts at once where little was done in the turn", async () => {
  const turns = new Turns({ turnMs: LONG_MS });
  const done: string[] = [];
  turns.take(() => turns.take(() => done.push("a")));
  turns.take(() => done.push("b"));
  assertEquals(done, ["a", "b"]);
  await nextTurn();
  turns.take(() => done.push("c"));
  assertEquals(done, ["a", "b", "c"]);
  await nextTurn();
});

Deno.test("Turns.take() spreads long work over turns, in its order, and lets others in", async () => {
  const turns = new Turns();
  const done: string[] = [];
  for (const name of ["a", "b", "c"]) {
    turns.take(() => {
      work(20);
      done.push(name);
    });
  }
  turns.take(() => done.push("d"));
  assertEquals(done, ["a"]);
  await nextTurn();
  done.push("other");
  while (!done.includes("d")) await nextTurn();
  assert(done.indexOf("other") < done.indexOf("c"), `${done}`);
  assertEquals(done.filter((name) => name !== "other"), ["a", "b", "c", "d"]);
});

Deno.test("Turns.giveWay() holds work back until who asks is answered", async () => {
  const turns = new Turns({ turnMs: LONG_MS, giveWayMs: LONG_MS });
  const done: string[] = [];
  const answered = turns.giveWay();
  turns.take(() => done.push("a"));
  await nextTurn();
  assertEquals(done, []);
  answered();
  while (done.length < 1) await nextTurn();
});

Deno.test("Turns.giveWay() holds nothing back for long", async () => {
  const turns = new Turns({ turnMs: LONG_MS, giveWayMs: 20 });
  const done: string[] = [];
  turns.giveWay(); // Never answered.
  const askedAt = performance.now();
  turns.take(() => done.push("a"));
  while (done.length < 1) await nextTurn();
  assert(performance.now() - askedAt >= 15);
});

Deno.test("Turns.take() goes on when something throws", async () => {
  const turns = new Turns({ turnMs: LONG_MS });
  const thrown = Promise.withResolvers<unknown>();
  const onRejection = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    thrown.resolve(event.reason);
  };
  globalThis.addEventListener("unhandledrejection", onRejection);
  turns.take(() => {
    throw "it";
  });
  const done: string[] = [];
  turns.take(() => done.push("a"));
  assertEquals([done, await thrown.promise], [["a"], "it"]);
  globalThis.removeEventListener("unhandledrejection", onRejection);
  await nextTurn();
});
