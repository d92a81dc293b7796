import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { HaleError, type HaleErrorCode } from "../../../src/errors.ts";
import { installRelease } from "../../../src/resolve/install/install.ts";
import { type Behaviour, ReleasesServer } from "../../fixtures/releases_server.ts";
import {
  ARTIFACT,
  ARTIFACT_PATH,
  CHECKSUMS_PATH,
  filesBelow,
  LINUX,
  LOCK,
  publish,
  sha256Hex,
  temporaryFolder,
  testEngine,
} from "../release_fixture.ts";
import { until } from "../../fixtures/until.ts";

const OTHER = "ab".repeat(32);

/** A failure of the server, with the expected error. */
interface Failure {
  readonly name: string;
  readonly artifact?: Behaviour;
  readonly checksums?: Behaviour;
  readonly code: HaleErrorCode;
  /** Parts of the message. */
  readonly says: readonly string[];
}

const answer = (status: number, body = "sorry\n"): Behaviour => ({ kind: "answer", status, body });
const page: Behaviour = {
  kind: "answer",
  body: "<!doctype html>\n<title>Log in</title>",
  headers: { "content-type": "text/html" },
};

const FAILURES: readonly Failure[] = [
  ...[404, 403, 500, 503, 204, 206].flatMap((status): Failure[] => [
    {
      name: `the artifact has status ${status}`,
      artifact: answer(status, ""),
      code: "download_failed",
      says: [
        ARTIFACT_PATH,
        `answered ${status}`,
        status >= 500
          ? "The server is overloaded or broken. Try again later, or use another releases endpoint."
          : "The release may not exist. Check `version` and the releases endpoint.",
      ],
    },
    {
      name: `the checksums have status ${status}`,
      checksums: answer(status, ""),
      code: "download_failed",
      says: [CHECKSUMS_PATH, String(status)],
    },
  ]),
  {
    name: "the artifact is a web page",
    artifact: page,
    code: "download_failed",
    says: [
      ARTIFACT_PATH,
      "the server sent a web page (HTML) instead of the file",
      "Open the URL in a browser to see the page. It may be a login page, a proxy, or the wrong " +
      "releases endpoint.",
    ],
  },
  {
    name: "the checksums are a web page",
    checksums: page,
    code: "download_failed",
    says: [CHECKSUMS_PATH, "web page (HTML)"],
  },
  {
    name: "the checksums do not name the artifact",
    checksums: answer(200, `${OTHER}  something-else\n`),
    code: "download_failed",
    says: [
      CHECKSUMS_PATH,
      "it does not list test-engine-x86_64-linux",
      "Nothing was installed, because hale requires a checksum. Check `release.checksums` and the " +
      "releases endpoint.",
    ],
  },
  {
    name: "the checksums contradict themselves",
    checksums: answer(200, `${OTHER}  x\n${"cd".repeat(32)}  x\n`),
    code: "download_failed",
    says: [CHECKSUMS_PATH, "two different checksums for x"],
  },
  {
    name: "the checksums never end",
    checksums: { kind: "zeros", size: 1 << 30 },
    code: "download_failed",
    says: [
      CHECKSUMS_PATH,
      "it is longer than 4194304 bytes",
      "This is not a checksum file. Check `release.checksums` and the releases endpoint.",
    ],
  },
  {
    name: "the checksum is wrong",
    checksums: answer(200, `${OTHER}  test-engine-x86_64-linux\n`),
    code: "checksum_mismatch",
    says: [
      "test-engine-x86_64-linux",
      OTHER,
      await sha256Hex(ARTIFACT),
      ARTIFACT_PATH,
      CHECKSUMS_PATH,
    ],
  },
  {
    name: "the body is shorter than its length",
    artifact: { kind: "truncated", body: ARTIFACT, sent: 10 },
    code: "download_failed",
    says: [ARTIFACT_PATH, `the transfer broke off after 10 of ${ARTIFACT.length} bytes`],
  },
  {
    name: "the checksums are shorter than their length",
    checksums: { kind: "truncated", body: ARTIFACT, sent: 10 },
    code: "download_failed",
    says: [CHECKSUMS_PATH, "the transfer broke off"],
  },
  {
    name: "a chunked body is truncated",
    artifact: { kind: "cut_chunked", body: ARTIFACT.subarray(0, 20) },
    code: "download_failed",
    says: [ARTIFACT_PATH, "the transfer broke off"],
  },
  {
    name: "a body without a length is truncated",
    artifact: { kind: "unsized", body: ARTIFACT.subarray(0, 20) },
    code: "checksum_mismatch",
    says: ["(20 bytes)", "may be truncated"],
  },
  {
    name: "the body is empty",
    artifact: answer(200, ""),
    code: "checksum_mismatch",
    says: ["(0 bytes)"],
  },
  {
    name: "the connection is closed without a response",
    artifact: { kind: "closed" },
    code: "download_failed",
    says: [ARTIFACT_PATH, "connection closed"],
  },
  {
    name: "the response is not HTTP",
    artifact: { kind: "garbage" },
    code: "download_failed",
    says: [
      ARTIFACT_PATH,
      "does not speak HTTP (",
      "Check the scheme, host and port",
    ],
  },
  {
    name: "there is no response",
    artifact: { kind: "silent" },
    code: "download_failed",
    says: [ARTIFACT_PATH, "the server sent nothing for 0.3 seconds"],
  },
  {
    name: "the body stalls near its end",
    artifact: { kind: "stalled", body: ARTIFACT, sent: ARTIFACT.length - 1 },
    code: "download_failed",
    says: [ARTIFACT_PATH, "the server sent nothing for 0.3 seconds"],
  },
  {
    name: "the body is so slow that the total time expires",
    artifact: { kind: "dripping", body: ARTIFACT, pauseMs: 100 },
    code: "download_failed",
    says: [ARTIFACT_PATH, "it took longer than 1 seconds"],
  },
];

for (const { name, artifact, checksums, code, says } of FAILURES) {
  Deno.test(`installRelease() leaves no files and can be repeated when ${name}`, async () => {
    await using server = new ReleasesServer();
    await using cache = await temporaryFolder();
    await publish(server);
    if (artifact !== undefined) server.route(ARTIFACT_PATH, artifact);
    if (checksums !== undefined) server.route(CHECKSUMS_PATH, checksums);
    const options = {
      target: LINUX,
      cacheDir: cache.path,
      idleTimeoutMs: 300,
      totalTimeoutMs: 1000,
      retry: { tries: 1 },
    };
    const error = await assertRejects(
      () => installRelease(testEngine(server.endpoint), options),
      HaleError,
    );
    assertEquals(error.code, code, error.message);
    for (const text of says) assertStringIncludes(error.message, text);
    if (artifact?.kind === "garbage") {
      assertMatch(error.message, /the server at \S+ does not speak HTTP \(.+\)/);
    }
    assertEquals(error.message.indexOf("Could not"), error.message.lastIndexOf("Could not"));
    assertEquals(await filesBelow(cache.path), [LOCK]);
    await until(() => server.openConnections === 0);
    await publish(server);
    const { from } = await installRelease(testEngine(server.endpoint), options);
    assertEquals(from, "download");
  });
}

Deno.test("installRelease() reports a refused connection", async () => {
  await using cache = await temporaryFolder();
  const server = new ReleasesServer();
  const { endpoint } = server;
  await server[Symbol.asyncDispose]();
  const error = await assertRejects(
    () =>
      installRelease(testEngine(endpoint), {
        target: LINUX,
        cacheDir: cache.path,
        retry: { pauseMs: 1 },
      }),
    HaleError,
    "Connection refused",
  );
  assertEquals({ code: error.code, exitStatus: error.exitStatus }, {
    code: "download_failed",
    exitStatus: 10,
  });
  assertStringIncludes(error.message, endpoint + CHECKSUMS_PATH);
});

Deno.test("installRelease() explains how to log in when the server requires it", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  server.route(CHECKSUMS_PATH, answer(401));
  const cases = [
    [server.endpoint, "The server requires a user name and a password"],
    [
      server.endpoint.replace("http://", "http://me:wrong@"),
      "The server refused the user name or the password",
    ],
  ] as const;
  for (const [endpoint, says] of cases) {
    const error = await assertRejects(
      () => installRelease(testEngine(endpoint), { target: LINUX, cacheDir: cache.path }),
      HaleError,
      says,
    );
    assertEquals(error.message.includes("wrong"), false);
  }
});

Deno.test("installRelease() gives up when redirects lead in a circle", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(server);
  server.redirect(ARTIFACT_PATH, "/b");
  server.redirect("/b", ARTIFACT_PATH);
  const options = { target: LINUX, cacheDir: cache.path };
  const error = await assertRejects(
    () => installRelease(testEngine(server.endpoint), options),
    HaleError,
    "the server redirected more than 10 times",
  );
  assertEquals(error.code, "download_failed");
  assertEquals(server.requests(ARTIFACT_PATH) + server.requests("/b"), 11);
});

Deno.test("installRelease() names the folder when the cache cannot be written", async () => {
  await using server = new ReleasesServer();
  await using cache = await temporaryFolder();
  await publish(server);
  const cacheDir = join(cache.path, "file");
  await Deno.writeTextFile(cacheDir, "");
  const error = await assertRejects(
    () => installRelease(testEngine(server.endpoint), { target: LINUX, cacheDir }),
    HaleError,
    `to the cache ${cacheDir}`,
  );
  assertStringIncludes(
    error.message,
    "Make the folder writable, free disk space, or choose another home (--home, HALE_HOME).",
  );
  assertEquals({ code: error.code, requests: server.requests() }, {
    code: "store_io",
    requests: 0,
  });
});
