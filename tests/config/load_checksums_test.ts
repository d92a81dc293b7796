import { assertEquals } from "@std/assert";
import { loadEngine, ON_GITHUB, OWN, problemsOf } from "./load_engine.ts";

Deno.test("loadConfig() uses the default locations of checksums when `checksums` is not set", async () => {
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

Deno.test("loadConfig() accepts one location of checksums, several, or the word none", async () => {
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

Deno.test("loadConfig() refuses invalid checksums, keys and tags of a release", async () => {
  const bad: readonly (readonly [string, string, string])[] = [
    ["checksums = []", "checksums", "expected a string or a list of strings; got a list"],
    [
      'checksums = ["none", "x"]',
      "checksums",
      'write checksums = "none", or remove "none" from the list',
    ],
    ['sha256 = "ab"', "sha256", 'expected a table, such as sha256 = { linux-amd64 = "HASH" }'],
    [
      'sha256 = { linux-amd64 = "ab" }',
      "sha256.linux-amd64",
      "expected a SHA-256 checksum: 64 hexadecimal digits",
    ],
    [
      'minisign = "key"',
      "minisign",
      'expected a minisign public key: 56 characters that begin with "RW"',
    ],
    [
      'checksums = "none"\nminisign = "RWQaANZz0paL0km7qz7+FeYwsiCMwRX5G6UifmfznkKDBMsGLcN1T5r6"',
      "minisign",
      'minisign signs the checksums: remove `minisign` or checksums = "none"',
    ],
    ['tag = "v${verison}"', "tag", "unknown placeholder ${verison}; did you mean ${version}?"],
  ];
  for (const [line, key, message] of bad) {
    assertEquals(await problemsOf(`${ON_GITHUB}${line}\n`), [[`release.${key}`, message]], line);
  }
  assertEquals(await problemsOf(OWN + 'tag = "x"\n'), [
    ["release.tag", "applies only to releases on GitHub; add `github` or remove it"],
  ]);
});
