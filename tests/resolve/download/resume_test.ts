import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { HaleError } from "../../../src/errors.ts";
import { type InstallOptions, installRelease } from "../../../src/resolve/install/install.ts";
import { type Behaviour, ReleasesServer } from "../../fixtures/releases_server.ts";
import {
  ARTIFACT_PATH,
  filesBelow,
  LINUX,
  onlyInCache,
  publish,
  temporaryFolder,
  testEngine,
} from "../release_fixture.ts";
import { until } from "../../fixtures/until.ts";

/** Long enough to be cut anywhere; no part repeats. */
const BODY = crypto.getRandomValues(new Uint8Array(60_000));
const ETAG = '"one"';
const CUT = 40_000;
const PARTIAL = join("test-engine", "1.2.3", "linux-amd64", ".partial");

/** Sends the beginning and closes the connection. */
const cut = (headers: Record<string, string> = { etag: ETAG }): Behaviour => ({
  kind: "truncated",
  body: BODY,
  sent: CUT,
  headers,
});
const whole: Behaviour = { kind: "resumable", body: BODY, etag: ETAG };

/** Installs from a server with the given turns and returns the requested ranges. */
async function install(
  turns: readonly [Behaviour, ...Behaviour[]],
  overrides: Partial<InstallOptions> = {},
): Promise<{ ranges: (string | null)[]; conditions: (string | null)[] }> {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  const sha256 = await publish(server, BODY);
  server.route(ARTIFACT_PATH, { kind: "in_turn", turns });
  const { path } = await installRelease(testEngine(server.endpoint), {
    target: LINUX,
    cacheDir: cache.path,
    retry: { pauseMs: 1 },
    ...overrides,
  });
  assertEquals(await Deno.readFile(path), BODY);
  assertEquals(await filesBelow(cache.path), onlyInCache(sha256));
  const headers = server.received(ARTIFACT_PATH).map((request) => request.headers);
  return {
    ranges: headers.map(({ range }) => range ?? null),
    conditions: headers.map((all) => all["if-range"] ?? null),
  };
}

Deno.test("installRelease() resumes a broken transfer by ETag", async () => {
  const { ranges, conditions } = await install([cut(), whole]);
  assertEquals(ranges, [null, `bytes=${CUT}-`]);
  assertEquals(conditions, [null, ETAG]);
});

Deno.test("installRelease() resumes by Last-Modified when there is no ETag", async () => {
  const lastModified = "Sat, 21 Nov 2026 10:11:00 GMT";
  const { ranges, conditions } = await install([
    cut({ "last-modified": lastModified }),
    { kind: "resumable", body: BODY, lastModified },
  ]);
  assertEquals(ranges, [null, `bytes=${CUT}-`]);
  assertEquals(conditions, [null, lastModified]);
});

Deno.test("installRelease() resumes any number of times while there is progress", async () => {
  const step: Behaviour = { kind: "resumable", body: BODY, etag: ETAG, sent: 15_000 };
  const { ranges } = await install([step, step, step, whole]);
  assertEquals(ranges, [null, "bytes=15000-", "bytes=30000-", "bytes=45000-"]);
});

Deno.test("installRelease() resumes after a stall near the end", async () => {
  const stall: Behaviour = {
    kind: "stalled",
    body: BODY,
    sent: Math.floor(BODY.length * 0.97),
    headers: { etag: ETAG },
  };
  const { ranges } = await install([stall, whole], { idleTimeoutMs: 150 });
  assertEquals(ranges, [null, "bytes=58200-"]);
});

const answer = (status: number, headers: Record<string, string>, body: Uint8Array): Behaviour => ({
  kind: "answer",
  status,
  headers,
  body,
});
const other = BODY.map((byte) => byte ^ 0xff);
const range = (start: number, end = BODY.length - 1, total: number | string = BODY.length) => ({
  "content-range": `bytes ${start}-${end}/${total}`,
});

/** Responses of a server to a range. */
const ANSWERS: readonly { readonly name: string; readonly turns: readonly Behaviour[] }[] = [
  { name: "200 with the whole file", turns: [answer(200, { etag: ETAG }, BODY)] },
  {
    name: "200 because the file has changed",
    turns: [{ kind: "resumable", body: BODY, etag: '"two"' }],
  },
  {
    name: "206 with another part",
    turns: [answer(206, { etag: ETAG, ...range(100) }, BODY.subarray(100)), whole],
  },
  {
    name: "206 without saying which part",
    turns: [answer(206, { etag: ETAG }, BODY.subarray(CUT)), whole],
  },
  {
    name: "206 of a file of another size",
    turns: [answer(206, { etag: ETAG, ...range(CUT, 69_999, 70_000) }, BODY.subarray(CUT)), whole],
  },
  {
    name: "206 with less than the rest",
    turns: [
      answer(206, { etag: ETAG, ...range(CUT, CUT + 9) }, BODY.subarray(CUT, CUT + 10)),
      whole,
    ],
  },
  {
    name: "206 of a file with another ETag",
    // Even if the bytes fit: hale cannot know it.
    turns: [answer(206, { etag: '"two"', ...range(CUT) }, BODY.subarray(CUT)), whole],
  },
  {
    name: "206 of another file without saying so",
    turns: [answer(206, range(CUT), other.subarray(CUT)), whole],
  },
  { name: "416", turns: [answer(416, range(0, 0, 1), new Uint8Array()), whole] },
  ...[400, 403, 404, 405, 412, 416, 500, 501].map((status) => ({
    name: `${status}, whatever the reason`,
    turns: [answer(status, {}, new Uint8Array()), whole],
  })),
];

for (const { name, turns } of ANSWERS) {
  Deno.test(`installRelease() installs the right bytes when the response to a range is ${name}`, async () => {
    const { ranges } = await install([cut(), ...turns]);
    assertEquals(ranges.slice(0, 2), [null, `bytes=${CUT}-`]);
    assertEquals(ranges.slice(2), turns.slice(1).map(() => null));
  });
}

Deno.test("installRelease() asks again with the range when the refusal has another reason", async () => {
  for (const status of [408, 429, 503]) {
    const { ranges } = await install([cut(), answer(status, {}, new Uint8Array()), whole]);
    assertEquals(ranges, [null, `bytes=${CUT}-`, `bytes=${CUT}-`]);
  }
});

Deno.test("installRelease() asks for the whole file once when a range is refused", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(server, BODY);
  await failOnce(server, cache.path);
  server.route(ARTIFACT_PATH, answer(403, {}, new Uint8Array()));
  const options = { target: LINUX, cacheDir: cache.path };
  const error = await assertRejects(
    () => installRelease(testEngine(server.endpoint), options),
    HaleError,
    "the server answered 403",
  );
  assertEquals(error.fields.status, 403);
  const ranges = server.received(ARTIFACT_PATH).map(({ headers }) => headers.range ?? null);
  assertEquals(ranges, [null, `bytes=${CUT}-`, null]);
});

Deno.test("installRelease() restarts when the server sends no ETag, or a weak one", async () => {
  assertEquals((await install([cut({}), whole])).ranges, [null, null]);
  assertEquals((await install([cut({ etag: 'W/"one"' }), whole])).ranges, [null, null]);
});

/** Fails once in the middle and returns the error. */
async function failOnce(server: ReleasesServer, cacheDir: string): Promise<HaleError> {
  server.route(ARTIFACT_PATH, cut());
  return await assertRejects(
    () =>
      installRelease(testEngine(server.endpoint), { target: LINUX, cacheDir, retry: { tries: 1 } }),
    HaleError,
  );
}

Deno.test("installRelease() keeps received bytes and resumes there the next time", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  const sha256 = await publish(server, BODY);
  const error = await failOnce(server, cache.path);
  assertEquals({ code: error.code, kept_bytes: error.fields.kept_bytes }, {
    code: "download_failed",
    kept_bytes: CUT,
  });
  assertStringIncludes(
    error.message,
    `hale kept ${CUT} of ${BODY.length} bytes; the next attempt resumes there.`,
  );
  server.route(ARTIFACT_PATH, whole);
  const { path } = await installRelease(testEngine(server.endpoint), {
    target: LINUX,
    cacheDir: cache.path,
  });
  assertEquals(await Deno.readFile(path), BODY);
  assertEquals(server.received(ARTIFACT_PATH).at(-1)?.headers.range, `bytes=${CUT}-`);
  assertEquals(await filesBelow(cache.path), onlyInCache(sha256));
});

Deno.test("installRelease() stores no password with kept bytes and resumes with another password", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(server, BODY);
  server.route(ARTIFACT_PATH, { kind: "in_turn", turns: [cut(), whole] });
  const installAs = (login: string) =>
    installRelease(testEngine(server.endpoint.replace("//", `//${login}@`)), {
      target: LINUX,
      cacheDir: cache.path,
      retry: { tries: 1 },
    });
  await assertRejects(() => installAs("me:secret"), HaleError, "hale kept");
  const kept = await Deno.readTextFile(join(cache.path, `${PARTIAL}.json`));
  assertEquals([kept.includes(ARTIFACT_PATH), kept.includes("secret")], [true, false]);
  await installAs("me:newer");
  assertEquals(server.received(ARTIFACT_PATH).at(-1)?.headers.range, `bytes=${CUT}-`);
});

Deno.test("installRelease() ignores kept bytes of another URL", async () => {
  await using server = new ReleasesServer();
  await using elsewhere = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(server, BODY);
  await publish(elsewhere, BODY);
  await failOnce(elsewhere, cache.path);
  server.route(ARTIFACT_PATH, whole);
  const { path } = await installRelease(testEngine(server.endpoint), {
    target: LINUX,
    cacheDir: cache.path,
  });
  assertEquals(await Deno.readFile(path), BODY);
  assertEquals(server.received(ARTIFACT_PATH)[0]?.headers.range, undefined);
});

Deno.test("installRelease() restarts when kept bytes are damaged", async () => {
  for (const harm of ["flipped", "longer", "record damaged", "record missing"]) {
    await using server = new ReleasesServer();
    await using cache = await temporaryFolder();
    await publish(server, BODY);
    await failOnce(server, cache.path);
    const partial = join(cache.path, PARTIAL);
    if (harm === "flipped") {
      await Deno.writeFile(partial, BODY.map((byte, at) => at === 7 ? ~byte : byte).slice(0, CUT));
    } else if (harm === "longer") {
      await Deno.writeFile(partial, new Uint8Array(BODY.length + 1));
    } else if (harm === "record damaged") await Deno.writeTextFile(`${partial}.json`, '{"url":');
    else await Deno.remove(`${partial}.json`);
    server.route(ARTIFACT_PATH, whole);
    const { path } = await installRelease(testEngine(server.endpoint), {
      target: LINUX,
      cacheDir: cache.path,
    });
    assertEquals(await Deno.readFile(path), BODY, harm);
    assertEquals(server.received(ARTIFACT_PATH).at(-1)?.headers.range, undefined, harm);
  }
});

Deno.test("installRelease() sends no request when all bytes were kept", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(server, BODY);
  await failOnce(server, cache.path);
  await Deno.writeFile(join(cache.path, PARTIAL), BODY);
  const before = server.requests(ARTIFACT_PATH);
  const { path } = await installRelease(testEngine(server.endpoint), {
    target: LINUX,
    cacheDir: cache.path,
  });
  assertEquals(await Deno.readFile(path), BODY);
  assertEquals(server.requests(ARTIFACT_PATH), before);
});

Deno.test("installRelease() keeps no bytes when the checksum is wrong", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(server, BODY);
  server.route(ARTIFACT_PATH, { kind: "resumable", body: other, etag: ETAG });
  const options = { target: LINUX, cacheDir: cache.path };
  const error = await assertRejects(
    () => installRelease(testEngine(server.endpoint), options),
    HaleError,
  );
  assertEquals([error.code, server.requests(ARTIFACT_PATH)], ["checksum_mismatch", 1]);
  assert(!(await filesBelow(cache.path)).some((path) => path.includes(".partial")));
});

Deno.test("installRelease() keeps received bytes when it is interrupted", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(server, BODY);
  server.route(ARTIFACT_PATH, { kind: "stalled", body: BODY, sent: CUT, headers: { etag: ETAG } });
  const controller = new AbortController();
  const installing = installRelease(testEngine(server.endpoint), {
    target: LINUX,
    cacheDir: cache.path,
    signal: controller.signal,
  });
  const kept = async () => (await Deno.stat(join(cache.path, PARTIAL)).catch(() => null))?.size;
  await until(async () => await kept() === CUT);
  controller.abort();
  const error = await assertRejects(() => installing, HaleError);
  assertEquals(error.code, "interrupted");
  assertEquals(await kept(), CUT);
});
