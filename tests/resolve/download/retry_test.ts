import {
  assert,
  assertEquals,
  assertGreaterOrEqual,
  assertLess,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import fc from "fast-check";
import { HaleError } from "../../../src/errors.ts";
import { downloadFailed } from "../../../src/resolve/download/download_failed.ts";
import { installRelease } from "../../../src/resolve/install/install.ts";
import type { DownloadProgress } from "../../../src/resolve/download/download_progress.ts";
import { nextTryMs, RETRY_POLICY } from "../../../src/resolve/download/retry.ts";
import { type Behaviour, ReleasesServer } from "../../fixtures/releases_server.ts";
import {
  ARTIFACT,
  ARTIFACT_PATH,
  CHECKSUMS_PATH,
  LINUX,
  publish,
  temporaryFolder,
  testEngine,
} from "../release_fixture.ts";

const URL = "https://releases.example/x";
const busy = (retryAfterMs: number | null = null) =>
  downloadFailed(URL, "busy", { transient: true, retryAfterMs });
const plenty = { leftMs: 1_000_000, random: 0.5 };

Deno.test("nextTryMs() doubles the pause with each failure in a row", () => {
  const pauses = [1, 2, 3, 4].map((failures) =>
    nextTryMs(busy(), { ...plenty, failures, random: 1 }, RETRY_POLICY)
  );
  assertEquals(pauses, [250, 500, 1000, 2000]);
  assertEquals(nextTryMs(busy(), { ...plenty, failures: 5 }, RETRY_POLICY), null);
});

Deno.test("nextTryMs() gives up when the failure is not transient", () => {
  for (const error of [downloadFailed(URL, "gone", { status: 404 }), new Error("a bug"), "text"]) {
    assertEquals(nextTryMs(error, { ...plenty, failures: 1 }, RETRY_POLICY), null);
  }
});

Deno.test("nextTryMs() respects Retry-After up to the longest pause and the deadline", () => {
  const next = (ms: number, leftMs = 1_000_000) =>
    nextTryMs(busy(ms), { failures: 1, leftMs, random: 0 }, RETRY_POLICY);
  assertEquals([next(0), next(7_000), next(120_000)], [125, 7_000, 120_000]);
  assertEquals([next(120_001), next(7_000, 7_000), next(0, 100)], [null, null, null]);
});

Deno.test("nextTryMs() never exceeds the deadline and never falls below Retry-After", () => {
  const times = fc.record({
    failures: fc.integer({ min: 1, max: 10 }),
    leftMs: fc.integer({ min: 0, max: 2_000_000 }),
    random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  });
  fc.assert(fc.property(times, fc.option(fc.nat(200_000)), (time, asked) => {
    const pauseMs = nextTryMs(busy(asked), time, RETRY_POLICY);
    if (pauseMs === null) return;
    assertLess(pauseMs, time.leftMs);
    assertGreaterOrEqual(pauseMs, asked ?? 0);
    assert(pauseMs > 0 && pauseMs <= RETRY_POLICY.maxPauseMs);
  }));
});

const answer = (status: number, headers: Record<string, string> = {}): Behaviour => ({
  kind: "answer",
  status,
  headers,
  body: "sorry\n",
});
const sound: Behaviour = { kind: "answer", body: ARTIFACT };

/** Transient failures. */
const PASSING: readonly Behaviour[] = [
  answer(408),
  answer(429),
  answer(500),
  answer(503),
  { kind: "closed" },
  { kind: "truncated", body: ARTIFACT, sent: 5 },
  { kind: "garbage" },
];

for (const failure of PASSING) {
  const name = failure.kind === "answer" ? `answers ${failure.status}` : `is ${failure.kind}`;
  Deno.test(`installRelease() retries when the server ${name} at first`, async () => {
    await using server = new ReleasesServer();
    await using cache = await temporaryFolder();
    await publish(server);
    server.route(ARTIFACT_PATH, { kind: "in_turn", turns: [failure, failure, sound] });
    const reports: DownloadProgress[] = [];
    const { from } = await installRelease(testEngine(server.endpoint), {
      target: LINUX,
      cacheDir: cache.path,
      retry: { pauseMs: 1 },
      onProgress: (progress) => reports.push(progress),
    });
    assertEquals([from, server.requests(ARTIFACT_PATH)], ["download", 3]);
    const retries = reports.filter(({ phase }) => phase === "retrying");
    assertEquals(retries.length, 2);
    for (const { detail } of retries) assertMatch(detail!, /^.+; retrying in \d+\.\d s$/);
  });
}

Deno.test("installRelease() retries the download of the checksums", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  const sha256 = await publish(server);
  const sums: Behaviour = { kind: "answer", body: `${sha256}  test-engine-x86_64-linux\n` };
  server.route(CHECKSUMS_PATH, { kind: "in_turn", turns: [answer(502), sums] });
  const { from } = await installRelease(testEngine(server.endpoint), {
    target: LINUX,
    cacheDir: cache.path,
    retry: { pauseMs: 1 },
  });
  assertEquals([from, server.requests(CHECKSUMS_PATH)], ["download", 2]);
});

Deno.test("installRelease() does not retry after 403 or 404", async () => {
  for (const status of [400, 401, 403, 404, 410]) {
    await using server = new ReleasesServer();
    await using cache = await temporaryFolder();
    await publish(server);
    server.route(ARTIFACT_PATH, answer(status));
    const error = await assertRejects(
      () =>
        installRelease(testEngine(server.endpoint), {
          target: LINUX,
          cacheDir: cache.path,
          retry: { pauseMs: 1 },
        }),
      HaleError,
      `answered ${status}`,
    );
    assertEquals({ code: error.code, transient: error.fields.transient }, {
      code: "download_failed",
      transient: false,
    });
    assertEquals(server.requests(ARTIFACT_PATH), 1);
  }
});

Deno.test("installRelease() waits for Retry-After, in seconds or as a date", async () => {
  // A date has whole seconds: two seconds from now is at least one second away.
  const soon = () => new Date(Date.now() + 2_000).toUTCString();
  for (const [header, leastMs] of [[() => "1", 1_000], [soon, 500]] as const) {
    await using server = new ReleasesServer();
    await using cache = await temporaryFolder();
    await publish(server);
    const turns = [answer(429, { "retry-after": header() }), sound] as const;
    server.route(ARTIFACT_PATH, { kind: "in_turn", turns });
    const startedAt = performance.now();
    await installRelease(testEngine(server.endpoint), {
      target: LINUX,
      cacheDir: cache.path,
      retry: { pauseMs: 1 },
    });
    assertGreaterOrEqual(performance.now() - startedAt, leastMs);
  }
});

Deno.test("installRelease() gives up at once when Retry-After exceeds the deadline", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(server);
  server.route(ARTIFACT_PATH, answer(503, { "retry-after": "30" }));
  const error = await assertRejects(
    () =>
      installRelease(testEngine(server.endpoint), {
        target: LINUX,
        cacheDir: cache.path,
        totalTimeoutMs: 20_000,
      }),
    HaleError,
    "answered 503",
  );
  assertEquals([error.fields.retry_after_ms, server.requests(ARTIFACT_PATH)], [30_000, 1]);
  assertStringIncludes(error.message, " and asked to wait 30 seconds");
});

Deno.test("installRelease() gives up after the last retry", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(server);
  server.route(ARTIFACT_PATH, answer(503));
  const error = await assertRejects(
    () =>
      installRelease(testEngine(server.endpoint), {
        target: LINUX,
        cacheDir: cache.path,
        retry: { pauseMs: 1 },
      }),
    HaleError,
    "answered 503",
  );
  assertEquals(error.exitStatus, 10);
  assertEquals(server.requests(ARTIFACT_PATH), RETRY_POLICY.tries);
  assertStringIncludes(error.message, `hale tried ${RETRY_POLICY.tries} times.`);
});
