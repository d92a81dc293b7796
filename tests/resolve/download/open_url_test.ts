import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { toFileUrl } from "@std/path";
import { HaleError } from "../../../src/errors.ts";
import { NotResumable, openUrl, redirectTarget } from "../../../src/resolve/download/open_url.ts";
import { ReleasesServer } from "../../fixtures/releases_server.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { ARTIFACT_PATH, publish } from "../release_fixture.ts";

Deno.test("redirectTarget() accepts https, the same scheme, and relative locations", () => {
  const cases = [
    ["https://a.example/x/y", "https://b.example/z", "https://b.example/z"],
    ["http://a.example/x/y", "https://b.example/z", "https://b.example/z"],
    ["http://a.example/x/y", "http://b.example/z", "http://b.example/z"],
    ["https://a.example/x/y", "../z?q=1", "https://a.example/z?q=1"],
    ["https://a.example/x/y", "//b.example/z", "https://b.example/z"],
  ] as const;
  for (const [from, location, to] of cases) {
    assertEquals(redirectTarget(new URL(from), location).href, to);
  }
});

Deno.test("redirectTarget() refuses less secure targets", () => {
  const cases = [
    ["https://a.example/x", "http://a.example/x", "from https to unencrypted http at a.example"],
    [
      "https://a.example/x",
      "file:///etc/passwd",
      "the server redirects to a file: URL, which hale refuses",
    ],
    ["http://a.example/x", "data:text/plain,x", "to a data: URL"],
    ["http://a.example/x", "ftp://a.example/x", "to a ftp: URL"],
    ["http://a.example/x", "http://", 'the server redirects to "http://", which is not a URL'],
    ["http://a.example/x", null, "without a Location header"],
  ] as const;
  for (const [from, location, says] of cases) {
    const error = assertThrows(() => redirectTarget(new URL(from), location), HaleError);
    assertEquals(error.code, "download_failed");
    assertStringIncludes(error.message, says);
    assertStringIncludes(error.message, from);
    assertStringIncludes(
      error.message,
      "Check the releases endpoint, or set it to the final URL.",
    );
  }
});

Deno.test("openUrl() names the file of a mirror that is not there", async () => {
  const { signal } = new AbortController();
  const error = await assertRejects(() => openUrl("file:///no/such/file", { signal }), HaleError);
  assertStringIncludes(
    error.message,
    "there is no such file. Check the releases endpoint and the files of the mirror.",
  );
});

unixTest("openUrl() opens no pipe of a mirror", async () => {
  using folder = new TempFolder();
  await new Deno.Command("mkfifo", { args: [folder.join("tool")] }).output();
  const { signal } = new AbortController();
  await assertRejects(
    () => openUrl(toFileUrl(folder.join("tool")).href, { signal }),
    HaleError,
    "it is a pipe, which can be read only once",
  );
});

Deno.test("openUrl() does not time out when the consumer is slow", async () => {
  await using server = new ReleasesServer();
  const size = 20_000_000;
  await publish(server, new Uint8Array(size));
  await using file = await openUrl(server.endpoint + ARTIFACT_PATH, {
    signal: new AbortController().signal,
    idleTimeoutMs: 1_000,
  });
  let received = 0;
  for await (const chunk of file.chunks) {
    if (received === 0) await new Promise((resolve) => setTimeout(resolve, 1_300));
    received += chunk.length;
  }
  assertEquals({ size: file.size, received }, { size, received: size });
});

Deno.test("openUrl() does not resume where the server refuses the range", async () => {
  await using server = new ReleasesServer();
  server.route(ARTIFACT_PATH, { kind: "answer", status: 416, body: "" });
  await assertRejects(
    () =>
      openUrl(server.endpoint + ARTIFACT_PATH, {
        signal: new AbortController().signal,
        resume: { received: 5, total: null, validator: '"one"' },
      }),
    NotResumable,
    "the server answered the range with 416",
  );
});
