import { assert, assertEquals } from "@std/assert";
import { TimeSlicedQueue } from "../../src/async/time_sliced_queue.ts";

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

Deno.test("TimeSlicedQueue.enqueue() acts at once where little was done in the turn", async () => {
  const queue = new TimeSlicedQueue({ turnMs: LONG_MS });
  const done: string[] = [];
  queue.enqueue(() => queue.enqueue(() => done.push("a")));
  queue.enqueue(() => done.push("b"));
  assertEquals(done, ["a", "b"]);
  await nextTurn();
  queue.enqueue(() => done.push("c"));
  assertEquals(done, ["a", "b", "c"]);
  await nextTurn();
});

Deno.test("TimeSlicedQueue.enqueue() spreads long work over turns, in its order, and lets others in", async () => {
  const queue = new TimeSlicedQueue();
  const done: string[] = [];
  for (const name of ["a", "b", "c"]) {
    queue.enqueue(() => {
      work(20);
      done.push(name);
    });
  }
  queue.enqueue(() => done.push("d"));
  assertEquals(done, ["a"]);
  await nextTurn();
  done.push("other");
  while (!done.includes("d")) await nextTurn();
  assert(done.indexOf("other") < done.indexOf("c"), `${done}`);
  assertEquals(done.filter((name) => name !== "other"), ["a", "b", "c", "d"]);
});

Deno.test("TimeSlicedQueue.yieldToRequests() holds work back until who asks is answered", async () => {
  const queue = new TimeSlicedQueue({ turnMs: LONG_MS, yieldMs: LONG_MS });
  const done: string[] = [];
  const answered = queue.yieldToRequests();
  queue.enqueue(() => done.push("a"));
  await nextTurn();
  assertEquals(done, []);
  answered();
  while (done.length < 1) await nextTurn();
});

Deno.test("TimeSlicedQueue.yieldToRequests() holds nothing back for long", async () => {
  const queue = new TimeSlicedQueue({ turnMs: LONG_MS, yieldMs: 20 });
  const done: string[] = [];
  queue.yieldToRequests(); // Never answered.
  const askedAt = performance.now();
  queue.enqueue(() => done.push("a"));
  while (done.length < 1) await nextTurn();
  assert(performance.now() - askedAt >= 15);
});

Deno.test("TimeSlicedQueue.enqueue() goes on when something throws", async () => {
  const queue = new TimeSlicedQueue({ turnMs: LONG_MS });
  const thrown = Promise.withResolvers<unknown>();
  const onRejection = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    thrown.resolve(event.reason);
  };
  globalThis.addEventListener("unhandledrejection", onRejection);
  queue.enqueue(() => {
    throw "it";
  });
  const done: string[] = [];
  queue.enqueue(() => done.push("a"));
  assertEquals({ done, thrown: await thrown.promise }, { done: ["a"], thrown: "it" });
  globalThis.removeEventListener("unhandledrejection", onRejection);
  await nextTurn();
});
