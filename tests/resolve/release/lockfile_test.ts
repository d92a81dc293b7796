import { assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { HaleError } from "../../../src/errors.ts";
import {
  findLocked,
  formatLockfile,
  type LockedArtifact,
  parseLockfile,
} from "../../../src/resolve/release/lockfile.ts";

const engine: LockedArtifact = {
  name: "rivet-engine",
  version: "2.3.19",
  target: "linux-amd64",
  url: "https://releases.rivet.dev/rivet/2.3.19/engine/rivet-engine-x86_64-unknown-linux-musl",
  size: 96_871_200,
  sha256: "52cd39b79bfb448ebaea776bc351e4caa7b30ca61732d45ec08ee9b3e108a3ff",
};

Deno.test("formatLockfile() writes readable tables", () => {
  assertEquals(
    formatLockfile([engine]).split("\n").slice(3),
    `
[[artifact]]
name = "rivet-engine"
version = "2.3.19"
target = "linux-amd64"
url = "${engine.url}"
size = 96871200
sha256 = "${engine.sha256}"
`.split("\n"),
  );
});

Deno.test("formatLockfile() writes the same text for any order", () => {
  const others = [
    { ...engine, target: "darwin-arm64" },
    { ...engine, version: "2.3.2" },
    { ...engine, name: "a" },
  ];
  assertEquals(
    formatLockfile([engine, ...others]),
    formatLockfile([...others.toReversed(), engine]),
  );
});

Deno.test("formatLockfile() refuses what parseLockfile() would refuse", () => {
  const wrong = [
    ...[NaN, -1, 1.5, Infinity, null].map((size) => ({ size })),
    ...["", "AB".repeat(32), undefined].map((sha256) => ({ sha256 })),
    { url: undefined },
  ];
  for (const part of wrong) {
    const [[key, value]] = Object.entries(part) as [[string, unknown]];
    assertThrows(
      () => formatLockfile([engine, { ...engine, ...part } as LockedArtifact]),
      TypeError,
      `Cannot lock rivet-engine 2.3.19: its \`${key}\` is ${value}`,
    );
  }
});

Deno.test("findLocked() compares name, version and target only", () => {
  const artifacts = [{ ...engine, target: "darwin-arm64" }, engine];
  assertEquals(findLocked(artifacts, { ...engine, url: "elsewhere" } as LockedArtifact), engine);
  for (const other of [{ name: "x" }, { version: "2.3.1" }, { target: "windows-amd64" }]) {
    assertEquals(findLocked(artifacts, { ...engine, ...other }), null);
  }
});

Deno.test("parseLockfile() names the problem and the remedy", () => {
  const cases = [
    ["<<<<<<< HEAD\nversion = 1\n", "it is not valid TOML (line 1, column 1)"],
    ["", "it has no `version`"],
    ['version = "2"\n', 'its version is "2", expected 1'],
    ["version = 1\nartifact = 3\n", "`artifact` is not an array"],
    ['version = 1\n[[artifact]]\nname = "x"\n', "[[artifact]] number 1 has no valid `version`"],
    [formatLockfile([engine]).replace(engine.sha256, "52CD"), "[[artifact]] number 1 has no valid"],
    [formatLockfile([engine]).replace("96871200", "-1"), "[[artifact]] number 1 has no valid"],
    [
      formatLockfile([engine, { ...engine, sha256: "ab".repeat(32) }]),
      "it has two different entries for rivet-engine 2.3.19, linux-amd64",
    ],
  ] as const;
  for (const [text, says] of cases) {
    const error = assertThrows(() => parseLockfile(text, "/p/hale.lock"), HaleError);
    assertEquals({ code: error.code, path: error.fields.path }, {
      code: "config_invalid",
      path: "/p/hale.lock",
    });
    assertStringIncludes(error.message, says);
    assertMatch(error.message, /version control.*hale fetch/);
  }
  // Two entries that agree, such as after a merge, are accepted.
  const twice = formatLockfile([engine, { ...engine, url: "https://mirror.example/x" }]);
  assertEquals(parseLockfile(twice, "hale.lock").length, 2);
});

Deno.test("parseLockfile() accepts a byte order mark", () => {
  assertEquals(parseLockfile(`\ufeff${formatLockfile([engine])}`, "hale.lock"), [engine]);
});

/** A file with one conflict, in which each side has entries after the common ones. */
function conflict(common: string, ours: string, theirs: string): string {
  return `${common}<<<<<<< HEAD\n${ours}=======\n${theirs}>>>>>>> topic\n`;
}

function entriesOf(...artifacts: LockedArtifact[]): string {
  const all = formatLockfile(artifacts);
  return all.slice(all.indexOf("[[artifact]]"));
}

Deno.test("parseLockfile() keeps what both sides of a conflict agree on, and what one has", () => {
  const ours = { ...engine, target: "darwin-arm64", sha256: "ab".repeat(32) };
  const theirs = { ...engine, target: "windows-amd64", sha256: "cd".repeat(32) };
  const text = conflict(formatLockfile([engine]), entriesOf(ours), entriesOf(theirs));
  assertEquals(parseLockfile(text, "hale.lock"), [engine, ours, theirs]);
  // Only the URL differs: another mirror.
  const mirror = { ...engine, url: "https://mirror.example/x" };
  const same = conflict("version = 1\n", entriesOf(engine), entriesOf(mirror));
  assertEquals(parseLockfile(same, "hale.lock"), [engine]);
  // Within one entry.
  const [head, tail] = formatLockfile([engine]).split("url = ") as [string, string];
  const line = `url = ${tail.split("\n")[0]}\n`;
  const within = conflict(head, line, 'url = "https://mirror.example/x"\n') +
    tail.split("\n").slice(1).join("\n");
  assertEquals(parseLockfile(within, "hale.lock"), [engine]);
});

Deno.test("parseLockfile() names the entries for which the sides of a conflict differ", () => {
  const other = { ...engine, sha256: "ab".repeat(32) };
  const only = { ...engine, name: "a" };
  const text = conflict("version = 1\n", entriesOf(only, engine), entriesOf(other));
  const error = assertThrows(() => parseLockfile(text, "/p/hale.lock"), HaleError);
  assertEquals(error.code, "config_invalid");
  assertStringIncludes(
    error.message,
    `rivet-engine 2.3.19, linux-amd64 (SHA-256 ${engine.sha256} or ${other.sha256}).`,
  );
  assertStringIncludes(error.message, "do not delete the file");
  const names = ["a", "b", "c", "d", "e", "f", "g"];
  const many = conflict(
    "version = 1\n",
    entriesOf(...names.map((name) => ({ ...engine, name }))),
    entriesOf(...names.map((name) => ({ ...other, name }))),
  );
  assertStringIncludes(
    assertThrows(() => parseLockfile(many, "/p/hale.lock"), HaleError).message,
    "; and 2 more.",
  );
});

Deno.test("parseLockfile() suggests an upgrade when a newer hale wrote the file", () => {
  const error = assertThrows(() => parseLockfile("version = 2\n", "/p/hale.lock"), HaleError);
  assertStringIncludes(
    error.message,
    "it has format version 2, written by a newer hale; this one reads version 1",
  );
  assertStringIncludes(error.message, "hale upgrade");
});

const text = fc.string({ unit: "grapheme", minLength: 1 });
const artifact: fc.Arbitrary<LockedArtifact> = fc.record({
  name: text,
  version: text,
  target: text,
  url: fc.webUrl(),
  size: fc.nat(),
  sha256: fc.stringMatching(/^[0-9a-f]{64}$/),
});

Deno.test("parseLockfile() reads the output of formatLockfile()", () => {
  const artifacts = fc.uniqueArray(artifact, {
    selector: ({ name, version, target }) => JSON.stringify([name, version, target]),
    maxLength: 5,
  });
  fc.assert(fc.property(artifacts, (written) => {
    const read = parseLockfile(formatLockfile(written), "hale.lock");
    assertEquals(read.length, written.length);
    for (const one of written) assertEquals(findLocked(read, one), one);
  }));
});
