import { assertEquals, assertLess } from "@std/assert";
import { appendSampleEvent } from "../../fixtures/supervised_home.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { until } from "../../fixtures/until.ts";
import { errorOf, get, readIds, RUNTIME_PATH, ServedHome } from "./served_home.ts";

Deno.test("serveApi() streams events after a cursor; last-event-id takes precedence", async () => {
  await using home = new ServedHome();
  const endpoint = await home.serve();
  const { runtime } = home.supervised;
  for (let count = 0; count < 9; count++) appendSampleEvent(runtime);
  const path = `${RUNTIME_PATH}/events`;
  const response = await get(endpoint, path);
  assertEquals(response.headers.get("content-type"), "text/event-stream");
  assertEquals(await readIds(response, 10), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assertEquals(await readIds(await get(endpoint, `${path}?after=7`), 3), [8, 9, 10]);
  const resumed = await get(endpoint, `${path}?after=2`, { "last-event-id": "8" });
  assertEquals(await readIds(resumed, 2), [9, 10]);

  const live = await get(endpoint, `${path}?after=10`);
  const reading = readIds(live, 2);
  appendSampleEvent(runtime);
  appendSampleEvent(runtime);
  assertEquals(await reading, [11, 12]);
  for (const cursor of ["-1", "x", "1.5", "1e3", "99999999999999999999"]) {
    const answer = get(endpoint, `${path}?after=${cursor}`);
    assertEquals(await errorOf(answer), [400, "usage"], cursor);
  }
});

Deno.test("serveApi() keeps events for an open stream, and rejects an expired cursor", async () => {
  await using home = new ServedHome();
  const endpoint = await home.serve();
  const { runtime } = home.supervised;
  const limits = { segment_bytes: 1_000, max_bytes: 3_000 };
  runtime.records.describe(null, { events: limits, transcripts: limits });
  const path = `${RUNTIME_PATH}/events`;
  const slow = await get(endpoint, `${path}?after=1`);
  for (let count = 2; count <= 200; count++) {
    appendSampleEvent(runtime);
    if (count % 10 === 0) await runtime.records.flush();
  }
  const ids = await readIds(slow, 199);
  assertEquals(ids, Array.from({ length: 199 }, (_, index) => index + 2));
  // The lease has ended, so retention removes the old segments.
  await until(async () => {
    appendSampleEvent(runtime);
    await runtime.records.flush();
    const [oldest] = await runtime.records.readEvents(0, 1);
    return oldest!.id > 2;
  });
  for (const after of [1, runtime.records.lastEventId() + 1]) {
    const answer = get(endpoint, `${path}?after=${after}`);
    assertEquals(await errorOf(answer), [400, "cursor_expired"], `after ${after}`);
  }
});

Deno.test("serveApi() serves other requests while an event reader is slow", async () => {
  await using home = new ServedHome();
  const endpoint = await home.serve();
  const { runtime } = home.supervised;
  const { hostname, port } = new URL(endpoint.url);
  // Requests the events and reads none.
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
  appendSampleEvent(runtime);
  const fast = await readIds(await get(endpoint, `${RUNTIME_PATH}/events`), count + 2);
  assertEquals(fast.length, count + 2);
  assertEquals((await get(endpoint, RUNTIME_PATH)).status, 200);
  assertLess(performance.now() - startedAt, 8_000);
  const closedAt = performance.now();
  await home.closeServer();
  assertLess(performance.now() - closedAt, 3_000);
});

unixTest("serveApi() keeps an idle supervisor running while an event stream is open", async () => {
  await using home = new ServedHome();
  const endpoint = await home.serve({ idleTimeoutMs: 100 });
  const { supervisor } = home.supervised;
  const watching = await get(endpoint, `${RUNTIME_PATH}/events`);
  await new Promise((resolve) => setTimeout(resolve, 300));
  assertEquals(supervisor.ending, false);
  await watching.body?.cancel();
  await supervisor.finished;
  assertEquals(await errorOf(get(endpoint, RUNTIME_PATH)), [503, "supervisor_unavailable"]);
});

unixTest("serveApi() fails the stream when the log cannot be read, and continues", async () => {
  await using home = new ServedHome();
  const endpoint = await home.serve({ idleTimeoutMs: 100 });
  const { runtime, supervisor } = home.supervised;
  const { readEvents } = runtime.records;
  Object.assign(runtime.records, { readEvents: () => Promise.reject(new Error("bad block")) });
  const response = await get(endpoint, `${RUNTIME_PATH}/events`);
  const outcome = await response.text().then(() => "complete", () => "failed");
  assertEquals(outcome, "failed");
  Object.assign(runtime.records, { readEvents });
  assertEquals((await get(endpoint, RUNTIME_PATH)).status, 200);
  // The failed stream does not keep the supervisor running.
  await supervisor.finished;
});
