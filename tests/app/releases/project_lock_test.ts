import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { openContext } from "../../../src/app/context.ts";
import { ProjectLock } from "../../../src/app/releases/project_lock.ts";
import { HaleError } from "../../../src/errors.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { LINUX, testEngine } from "../../resolve/release_fixture.ts";

const ARTIFACT = {
  name: "test-engine",
  version: "1.2.3",
  target: "linux-amd64",
  url: "https://a.example/test-engine",
  sha256: "ab".repeat(32),
  size: 7,
  checksum: "SHA256SUMS",
};

Deno.test("ProjectLock.find() says that a project without a hale.toml has no lock file", async () => {
  const lock = await ProjectLock.open({ config_path: null }, { locked: true });
  const { message } = assertThrows(
    () => lock.find(testEngine("https://a.example"), LINUX),
    HaleError,
  );
  assertEquals(
    message,
    "There is no hale.lock for test-engine 1.2.3 on linux-amd64, and --locked forbids adding one. " +
      "Run `hale fetch` (with --all-targets for other platforms) and commit hale.lock.",
  );
});

Deno.test("ProjectLock.open() says that the file cannot be read", async () => {
  using folder = new TempFolder();
  Deno.mkdirSync(folder.join("hale.lock"));
  await assertRejects(
    () => ProjectLock.open({ config_path: folder.join("hale.toml") }),
    HaleError,
    `Cannot read ${folder.join("hale.lock")}: Is a directory. hale needs the checksums in it: ` +
      "make it readable.",
  );
});

Deno.test("ProjectLock.save() says that the file cannot be written", async () => {
  using folder = new TempFolder();
  const context = openContext({ home: folder.join("home") });
  Deno.mkdirSync(context.paths.cache, { recursive: true });
  const lock = await ProjectLock.open({ config_path: folder.join("gone/hale.toml") });
  lock.add(ARTIFACT);
  const { message } = await assertRejects(() => lock.save(context), HaleError);
  const path = folder.join("gone/hale.lock");
  assertStringIncludes(message, `Could not write ${path}: `);
  assertStringIncludes(
    message,
    ". Make its folder writable, or use --locked to leave it unchanged.",
  );
});
