import { assertEquals, assertRejects } from "@std/assert";
import { taskGroup } from "../../src/async/task_group.ts";

const never = new AbortController().signal;

/** Rejects when the signal aborts, after calling `ended`. */
function untilAborted(signal: AbortSignal, ended: () => void): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener("abort", () => {
      ended();
      reject(signal.reason);
    })
  );
}

Deno.test("taskGroup() runs tasks concurrently and returns results in order", async () => {
  const second = Promise.withResolvers<number>();
  const tasks = [
    async () => await second.promise + 1,
    () => {
      second.resolve(2);
      return Promise.resolve(2);
    },
  ];
  assertEquals(await taskGroup(tasks, never), [3, 2]);
});

Deno.test("taskGroup() throws the first failure after all tasks have settled", async () => {
  let ended = false;
  const tasks = [
    (signal: AbortSignal) => untilAborted(signal, () => ended = true),
    () => Promise.reject(new Error("the first")),
  ];
  await assertRejects(() => taskGroup(tasks, never), Error, "the first");
  assertEquals(ended, true);
});

Deno.test("taskGroup() aborts all tasks when the signal aborts", async () => {
  const controller = new AbortController();
  let ended = 0;
  const task = (signal: AbortSignal) => untilAborted(signal, () => ended++);
  const running = taskGroup([task, task], controller.signal);
  controller.abort(new Error("enough"));
  await assertRejects(() => running, Error, "enough");
  assertEquals(ended, 2);
});

Deno.test("taskGroup() throws what `merge` makes of all failures", async () => {
  const tasks = ["one", "two"].map((name) => () => Promise.reject(new Error(name)));
  const merge = (errors: readonly unknown[]) => new Error(errors.join(", "));
  const merged = () => taskGroup(tasks, never, { merge });
  await assertRejects(merged, Error, "Error: one, Error: two");
});
