import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { HaleError } from "../../../src/errors.ts";
import { fetchChecksum } from "../../../src/resolve/release/fetch_checksum.ts";
import { releaseArtifact } from "../../../src/resolve/release/release.ts";
import { ReleasesServer } from "../../fixtures/releases_server.ts";
import { LINUX, testEngine } from "../release_fixture.ts";

const A = "a1".repeat(32);
const B = "b2".repeat(32);
const ASSET = "test-engine-x86_64-linux";
const BASE = "/test/1.2.3/engine";

/** Serves lists and looks the checksum up in them, in their order. */
async function look(
  lists: Readonly<Record<string, string | null>>,
): Promise<{ sha256: string; asked: readonly string[] }> {
  await using server = new ReleasesServer();
  for (const [name, body] of Object.entries(lists)) {
    if (body !== null) server.route(`${BASE}/${name}`, { kind: "answer", body });
  }
  const release = { checksums: Object.keys(lists) };
  const artifact = releaseArtifact(testEngine(server.endpoint, { release }), LINUX);
  const { signal } = new AbortController();
  const { sha256 } = await fetchChecksum(artifact, { signal, leftMs: () => 10_000 });
  const asked = server.received().map(({ path }) => path.slice(BASE.length + 1));
  return { sha256, asked };
}

Deno.test("fetchChecksum() asks the next list when one lacks the file, or is no list", async () => {
  const unusable = [
    `${B}  other\n`,
    "<!doctype html><title>Not found</title>",
    "Not found\n",
    `${B}${B}  ${ASSET}\n`,
    "",
  ];
  for (const first of unusable) {
    assertEquals(await look({ SHA256SUMS: first, "checksums.txt": `${A}  ${ASSET}\n` }), {
      sha256: A,
      asked: ["SHA256SUMS", "checksums.txt"],
    });
  }
});

Deno.test("fetchChecksum() asks no other list when one contradicts itself", async () => {
  const error = await assertRejects(
    () => look({ SHA256SUMS: `${A}  x\n${B}  x\n`, "checksums.txt": `${A}  ${ASSET}\n` }),
    HaleError,
    "two different checksums for x",
  );
  assertEquals(error.fields.absent, undefined);
});

Deno.test("fetchChecksum() takes the only checksum of the file's own list", async () => {
  const own = [
    `${A}  -\n`,
    `${A}  dist/another-name\n`,
    `sha256:${A}\n`,
    JSON.stringify({ sha256: A }),
    JSON.stringify({ name: "another-name", sha256: A }),
  ];
  for (const list of own) {
    assertEquals((await look({ [`${ASSET}.sha256`]: list })).sha256, A, list);
  }
  // Under another name, in the list of all files, it is another file's.
  await assertRejects(() => look({ SHA256SUMS: `${A}  dist/another-name\n` }), HaleError);
});

Deno.test("fetchChecksum() names up to five files of a list that lacks the right one", async () => {
  const names = ["one", "two", "three", "four\x1b[2J", "five".repeat(100), "six", "seven"];
  const list = names.map((name, index) => `${String(index).repeat(64)}  ${name}\n`).join("");
  const error = await assertRejects(() => look({ SHA256SUMS: list }), HaleError);
  assertStringIncludes(
    error.message,
    `it does not list ${ASSET}, only one, two, three, four\ufffd[2J, ${
      "five".repeat(25)
    } and 2 more.`,
  );
  assertEquals(error.fields.absent, true);
});

Deno.test("fetchChecksum() says of each list why it was not used", async () => {
  const error = await assertRejects(
    () =>
      look({
        "a.txt": null,
        "b.txt": `${B}  other\n`,
        "c.txt": `${B}${B}  ${ASSET}\n`,
        "d.txt": "<html>",
      }),
    HaleError,
    `Found no checksum for ${ASSET}`,
  );
  for (
    const says of [
      "a.txt (status 404)",
      `b.txt (it does not list ${ASSET}, only other)`,
      "c.txt (it contains no SHA-256 checksum, only SHA-512)",
      "d.txt (it is a web page (HTML), not a checksum file)",
    ]
  ) assertStringIncludes(error.message, says);
  // A page in place of a list does not prove that nothing is released.
  assertEquals(error.fields.absent, false);
});
