import { assertEquals, assertLess } from "@std/assert";
import { tellSomething } from "../../fixtures/supervised_home.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { until } from "../../fixtures/until.ts";
import { get, refusal, RUNTIME_PATH, ServedHome, take } from "./served_home.ts";

Deno.test("serveApi() streams events from a cursor on; last-event-id is what counts", async () => {
  await using home = new ServedHome();
  const endpoint = await home.serve();
  const { runtime } = home.supervised;
  for (let count = 0; count < 9; count++) tellSomething(runtime);
  const path = `${RUNTIME_PATH}/events`;
  const response = await get(endpoint, path);
  assertEquals(response.headers.get("content-type"), "text/event-stream");
  assertEquals(await take(response, 10), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assertEquals(await take(await get(endpoint, `${path}?after=7`), 3), [8, 9, 10]);
  const resumed = await get(endpoint, `${path}?after=2`, { "last-event-id": "8" });
  assertEquals(await take(resumed, 2), [9, 10]);

  const live = await get(endpoint, `${path}?after=10`);
  const coming = take(live, 2);
  tellSomething(runtime);
  tellSomething(runtime);
  assertEquals(await coming, [11, 12]);
  for (const cursor of ["-1", "x", "1.5", "1e3", "99999999999999999999"]) {
    const answer = get(endpoint, `${path}?after=${cursor}`);
    assertEquals(await refusal(answer), [400, "usage"], cursor);
  }
});

Deno.test("serveApi() cuts no reader of events however little is kept, and refuses a cursor that has expired", async () => {
  await using home = new ServedHome();
  const endpoint = await home.serve();
  const { runtime } = home.supervised;
  const limits = { segment_bytes: 1_000, max_bytes: 3_000 };
  runtime.records.describe(null, { events: limits, transcripts: limits });
  const path = `${RUNTIME_PATH}/events`;
  const slow = await get(endpoint, `${path}?after=1`);
  for (let count = 2; count <= 200; count++) {
    tellSomething(runtime);
    if (count % 10 === 0) await runtime.records.flush();
  }
  const ids = await take(slow, 199);
  assertEquals(ids, Array.from({ length: 199 }, (_, index) => index + 2));
  // Nobody holds them any more; the next segments push the old ones out.
  await until(async () => {
    tellSomething(runtime);
    await runtime.records.flush();
    const [oldest] = await runtime.records.readEvents(0, 1);
    return oldest!.id > 2;
  });
  for (const after of [1, runtime.records.lastEventId() + 1]) {
    const answer = get(endpoint, `${path}?after=${after}`);
    assertEquals(await refusal(answer), [400, "cursor_expired"], `after ${after}`);
  }
});

Deno.test("serveApi() lets no slow reader of events hold others up", async () => {
  await using home = new ServedHome();
  const endpoint = await home.serve();
  const { runtime } = home.supervised;
  const { hostname, port } = new URL(endpoint.url);
  // It asks for the events and reads none of them.
  using slow = await Deno.connect({ hostname, port: Number(port) });
  await slow.write(new TextEncoder().encode(
    `GET ${RUNTIME_PATH}/events HTTP/1.1\r\nHost: 127.0.0.1\r\n` +
      `Authorization: Bearer ${endpoint.token}\r\n\r\n`,
  ));
  const long = Array.from({ length: 200 }, (_, index) => `a-service-with-a-long-name-${index}`);
  const count = 2_000;
  const startedAt = performance.now();
  for (let made = 0; made < count; made++) {
    runtime.records.appendEvent({ type: "config_applied", service: null, services: long });
  }
  tellSomething(runtime);
  const fast = await take(await get(endpoint, `${RUNTIME_PATH}/events`), count + 2);
  assertEquals(fast.length, count + 2);
  assertEquals((await get(endpoint, RUNTIME_PATH)).status, 200);
  assertLess(performance.now() - startedAt, 8_000);
  const closedAt = performance.now();
  await home.closeServer();
  assertLess(performance.now() - closedAt, 3_000);
});

unixTest("serveApi() keeps its supervisor while somebody watches, and no longer", async () => {
  await using home = new ServedHome();
  const endpoint = await home.serve({ idleTimeoutMs: 100 });
  const { supervisor } = home.supervised;
  const watching = await get(endpoint, `${RUNTIME_PATH}/events`);
  await new Promise((resolve) => setTimeout(resolve, 300));
  assertEquals(supervisor.ending, false);
  await watching.body?.cancel();
  await supervisor.finished;
  assertEquals(await refusal(get(endpoint, RUNTIME_PATH)), [503, "supervisor_unavailable"]);
});

unixTest("serveApi() cuts the stream when the log cannot be read, and serves on", async () => {
  await using home = new ServedHome();
  const endpoint = await home.serve({ idleTimeoutMs: 100 });
  const { runtime, supervisor } = home.supervised;
  const { readEvents } = runtime.records;
  Object.assign(runtime.records, { readEvents: () => Promise.reject(new Error("bad block")) });
  const response = await get(endpoint, `${RUNTIME_PATH}/events`);
  const failed = await response.text().then(() => "whole", () => "cut");
  assertEquals(failed, "cut");
  Object.assign(runtime.records, { readEvents });
  assertEquals((await get(endpoint, RUNTIME_PATH)).status, 200);
  // The watcher that was cut off holds nobody up.
  await supervisor.finished;
});
