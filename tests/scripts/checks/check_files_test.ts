import { assertEquals } from "@std/assert";
import { checkFiles } from "../../../scripts/checks/check_files.ts";
import type { Violation } from "../../../scripts/checks/violation.ts";
import { REPO, runCheck, tempRepo } from "./temp_repo.ts";

function lines(violations: readonly Violation[]): string[] {
  return violations.map(({ file, line, message }) => `${file}:${line}: ${message}`);
}

function emptyFiles(folder: string, count: number): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`${folder}/${index + 100}.ts`, ""]),
  );
}

Deno.test("checkFiles() notes a file of src when it has 300 lines", async () => {
  using repo = await tempRepo({
    "src/a.ts": "\n".repeat(299),
    "src/b.ts": "\n".repeat(300),
    "src/c.md": "\n".repeat(300),
    "tests/d.ts": "\n".repeat(300),
  });
  const { violations, notes } = await checkFiles(repo.path);
  assertEquals(violations, []);
  assertEquals(lines(notes), ["src/b.ts:300: 300 lines: split the file by subject"]);
});

Deno.test("checkFiles() refuses a folder of src when it has more than 20 files of code", async () => {
  using repo = await tempRepo({
    ...emptyFiles("src/a", 20),
    ...emptyFiles("src/a/b", 21),
    ...emptyFiles("tests/c", 21),
    "src/a/d.md": "",
  });
  assertEquals(lines((await checkFiles(repo.path)).violations), [
    "src/a/b/120.ts:1: src/a/b has 21 files, at most 20 are allowed: split it by subject",
  ]);
});

// Built here, so that this file has none of them.
const path = (...parts: readonly string[]) => ["", ...parts].join("/");
const host = (...labels: readonly string[]) => labels.join(".");
const tarball = (url: string) => `"tarball": "${url}"`;

const LOCAL = "a local absolute path: write a relative one";
const REGISTRY = "the host of a package registry: name only the package, as npm:name@version";

const TRACES: readonly (readonly [text: string, message: string | null])[] = [
  [`file://${path("root", "hale")}`, `${path("root", "h")}: ${LOCAL}`],
  [`cd ${path("work", "main")}`, `${path("work", "m")}: ${LOCAL}`],
  [`"${path("Users", "ann")}"`, `${path("Users", "a")}: ${LOCAL}`],
  [path("tmp", "wt-1", "main.ts"), `${path("tmp", "wt-")}: ${LOCAL}`],
  [
    `--allow-net=${host("registry", "example", "org")}`,
    `${host("registry", "example", "org")}: ${REGISTRY}`,
  ],
  [tarball("https://example.test/a.tgz"), `${tarball("https://example.test/a.tgz")}: ${REGISTRY}`],
  ["/home/ann/.hale, /tmp/a, $HOME/work/a, ./root/a, ../../work/b, network/root", null],
  ["registry.ts, registry.commands.length, npm:valibot@1.5.0", null],
];

for (const [text, message] of TRACES) {
  Deno.test(`checkFiles() ${message === null ? "allows" : "refuses"} ${text}`, async () => {
    using repo = await tempRepo({ ".github/a.yml": `\n${text}\n` });
    assertEquals(
      lines((await checkFiles(repo.path)).violations),
      message === null ? [] : [`.github/a.yml:2: ${message}`],
    );
  });
}

Deno.test("checkFiles() skips what git ignores", async () => {
  using repo = await tempRepo({
    ".git/a": path("root", "a"),
    "dist/a": path("root", "a"),
    "coverage/a": path("root", "a"),
    ".github/dist/a": path("root", "a"),
  });
  assertEquals(lines((await checkFiles(repo.path)).violations), [
    `.github/dist/a:1: ${path("root", "a")}: ${LOCAL}`,
  ]);
});

Deno.test("checkFiles() finds nothing wrong in this repository", async () => {
  assertEquals((await checkFiles(REPO)).violations, []);
});

Deno.test("check_files.ts exits with 1 when a file has a local absolute path", async () => {
  assertEquals(await runCheck("check_files.ts", { "src/a.ts": path("root", "a") }), {
    status: 1,
    stdout: "",
    stderr: `src/a.ts:1: ${path("root", "a")}: ${LOCAL}\n`,
  });
});

Deno.test("check_files.ts exits with 0 when a file is long", async () => {
  assertEquals(await runCheck("check_files.ts", { "src/a.ts": "\n".repeat(300) }), {
    status: 0,
    stdout: "note: src/a.ts:300: 300 lines: split the file by subject\n",
    stderr: "",
  });
});
