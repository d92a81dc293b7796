import { assertEquals } from "@std/assert";
import { READERS } from "./linear_time_readers.ts";

/**
 * All hostile texts take a second or two in linear time, minutes in quadratic time, and for ever in
 * exponential time.
 */
const DEADLINE_MS = 60_000;

for (const name of Object.keys(READERS)) {
  Deno.test(`${name}() reads 100,000 hostile characters in linear time`, async () => {
    const worker = new Worker(import.meta.resolve("./linear_time_worker.ts"), { type: "module" });
    const ended = Promise.withResolvers<string>();
    worker.onmessage = ({ data }) => ended.resolve(data);
    worker.onerror = (event) => {
      event.preventDefault();
      ended.resolve(event.message);
    };
    const timer = setTimeout(() => ended.resolve("not done"), DEADLINE_MS);
    worker.postMessage(name);
    try {
      assertEquals(await ended.promise, "done");
    } finally {
      clearTimeout(timer);
      worker.terminate();
    }
  });
}
