import { assert, assertEquals } from "@std/assert";
import { TimeSlicedQueue } from "../../src/async/time_sliced_queue.ts";

function nextSlice(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 3));
}

/** Blocks the event loop. */
function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** A slice that trivial tasks never exhaust, even on a loaded machine. */
const LONG_MS = 60_000;

Deno.test("TimeSlicedQueue.enqueue() runs a task at once while the slice has time left", async () => {
  const queue = new TimeSlicedQueue({ sliceMs: LONG_MS });
  const done: string[] = [];
  queue.enqueue(() => queue.enqueue(() => done.push("a")));
  queue.enqueue(() => done.push("b"));
  assertEquals(done, ["a", "b"]);
  await nextSlice();
  queue.enqueue(() => done.push("c"));
  assertEquals(done, ["a", "b", "c"]);
  await nextSlice();
});

Deno.test("TimeSlicedQueue.enqueue() spreads long work over slices in order, with other events between them", async () => {
  const queue = new TimeSlicedQueue();
  const done: string[] = [];
  for (const name of ["a", "b", "c"]) {
    queue.enqueue(() => {
      block(20);
      done.push(name);
    });
  }
  queue.enqueue(() => done.push("d"));
  assertEquals(done, ["a"]);
  await nextSlice();
  done.push("other");
  while (!done.includes("d")) await nextSlice();
  assert(done.indexOf("other") < done.indexOf("c"), `${done}`);
  assertEquals(done.filter((name) => name !== "other"), ["a", "b", "c", "d"]);
});

Deno.test("TimeSlicedQueue.yieldToRequests() holds back work until the request is answered", async () => {
  const queue = new TimeSlicedQueue({ sliceMs: LONG_MS, yieldMs: LONG_MS });
  const done: string[] = [];
  const answered = queue.yieldToRequests();
  queue.enqueue(() => done.push("a"));
  await nextSlice();
  assertEquals(done, []);
  answered();
  while (done.length < 1) await nextSlice();
});

Deno.test("TimeSlicedQueue.yieldToRequests() holds back work for yieldMs at most", async () => {
  const queue = new TimeSlicedQueue({ sliceMs: LONG_MS, yieldMs: 20 });
  const done: string[] = [];
  queue.yieldToRequests(); // Never answered.
  const requestedAt = performance.now();
  queue.enqueue(() => done.push("a"));
  while (done.length < 1) await nextSlice();
  assert(performance.now() - requestedAt >= 15);
});

Deno.test("TimeSlicedQueue.enqueue() continues when a task throws", async () => {
  const queue = new TimeSlicedQueue({ sliceMs: LONG_MS });
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
  await nextSlice();
});
