import { assertEquals } from "@std/assert";
import { loadEngine, ON_GITHUB, OWN, problemsOf } from "./load_engine.ts";

Deno.test("loadConfig() looks for checksums in the usual places when none is named", async () => {
  const { release } = await loadEngine(ON_GITHUB);
  assertEquals({ checksums: release.checksums, tag: release.tag }, {
    checksums: ["${asset}.sha256", "SHA256SUMS"],
    tag: "v${version}",
  });
  const key = "RWQaANZz0paL0km7qz7+FeYwsiCMwRX5G6UifmfznkKDBMsGLcN1T5r6";
  const signed = await loadEngine(`${ON_GITHUB}minisign = "${key}"\ntag = "r-\${version}"\n`);
  assertEquals(
    [signed.release.checksums, signed.release.minisign, signed.release.tag],
    [["SHA256SUMS"], key, "r-${version}"],
  );
});

Deno.test("loadConfig() takes one place of checksums, several, or the word that there are none", async () => {
  const places = async (written: string) =>
    (await loadEngine(`${ON_GITHUB}checksums = ${written}\n`)).release.checksums;
  assertEquals(await places('"sums.txt"'), ["sums.txt"]);
  assertEquals(await places('["${asset}.sum", "sums.txt"]'), ["${asset}.sum", "sums.txt"]);
  assertEquals(await places('"none"'), []);
});

Deno.test("loadConfig() reads a hash for each target", async () => {
  const hash = "AB".repeat(32);
  const { release } = await loadEngine(`${ON_GITHUB}sha256 = { linux-amd64 = "${hash}" }\n`);
  assertEquals(release.sha256, { "linux-amd64": hash.toLowerCase() });
});

Deno.test("loadConfig() refuses what says nothing certain about a release", async () => {
  const bad: readonly (readonly [string, string, string])[] = [
    ["checksums = []", "checksums", "expected text, or a list of texts, got a list"],
    ['checksums = ["none", "x"]', "checksums", '"none" stands alone, not in a list'],
    ['sha256 = "ab"', "sha256", "expected a table"],
    [
      'sha256 = { linux-amd64 = "ab" }',
      "sha256.linux-amd64",
      "expected a SHA-256: 64 hexadecimal digits",
    ],
    [
      'minisign = "key"',
      "minisign",
      'expected a minisign public key: 56 characters that begin with "RW"',
    ],
    [
      'checksums = "none"\nminisign = "RWQaANZz0paL0km7qz7+FeYwsiCMwRX5G6UifmfznkKDBMsGLcN1T5r6"',
      "minisign",
      "without checksums nothing is signed: drop one of the two",
    ],
    ['tag = "v${verison}"', "tag", "${verison} is not known here; did you mean `version`?"],
  ];
  for (const [line, key, message] of bad) {
    assertEquals(await problemsOf(`${ON_GITHUB}${line}\n`), [[`release.${key}`, message]], line);
  }
  assertEquals(await problemsOf(OWN + 'tag = "x"\n'), [
    ["release.tag", "only a release on GitHub has one: add `github`, or drop `tag`"],
  ]);
});
