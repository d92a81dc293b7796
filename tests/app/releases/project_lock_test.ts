import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { HaleError } from "../../../src/errors.ts";
import { ProjectLock } from "../../../src/app/releases/project_lock.ts";
import { type LockedArtifact, parseLockfile } from "../../../src/resolve/release/lockfile.ts";
import { lockFile } from "../../../src/platform/file_lock.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { filesBelow, LINUX, temporaryFolder, testEngine } from "../../resolve/release_fixture.ts";

const artifact = (name: string): LockedArtifact => ({
  name,
  version: "1.0",
  target: "linux-amd64",
  url: `https://a.example/${name}`,
  size: 1,
  sha256: "ab".repeat(32),
});

async function locked(folder: string): Promise<readonly string[]> {
  const path = join(folder, "hale.lock");
  return parseLockfile(await Deno.readTextFile(path), path).map(({ name }) => name);
}

Deno.test("ProjectLock.save() loses no entry when many commands save at once", async () => {
  await using folder = await temporaryFolder();
  const project = { config_path: join(folder.path, "hale.toml") };
  const names = Array.from({ length: 20 }, (_, index) => `tool-${index + 10}`);
  const locks = await Promise.all(names.map(() => ProjectLock.open(project)));
  await Promise.all(locks.map(async (lock, index) => {
    lock.add(artifact(names[index]!));
    await lock.save();
  }));
  assertEquals(await locked(folder.path), names);
  // The lock beside the file is gone.
  if (Deno.build.os !== "windows") assertEquals(await filesBelow(folder.path), ["hale.lock"]);
});

Deno.test("ProjectLock.save() uses the lock file that a killed program left", async () => {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(join(folder.path, ".hale.lock.lock"), "");
  const lock = await ProjectLock.open({ config_path: join(folder.path, "hale.toml") });
  lock.add(artifact("tool"));
  await lock.save();
  assertEquals(await locked(folder.path), ["tool"]);
});

Deno.test("ProjectLock.save() says that hale.lock cannot be written when its folder is gone", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "file", "hale.lock");
  const lock = await ProjectLock.open({ config_path: join(folder.path, "file", "hale.toml") });
  await Deno.writeTextFile(join(folder.path, "file"), "");
  lock.add(artifact("tool"));
  const error = await assertRejects(() => lock.save(), HaleError, `Could not write ${path}: `);
  assertEquals(error.code, "store_io");
  assertStringIncludes(
    error.message,
    ". Make its folder writable, or use --locked to leave it unchanged.",
  );
});

Deno.test("ProjectLock.save() names the lock that another process does not release", async () => {
  using folder = new TempFolder();
  const project = { config_path: folder.join("hale.toml") };
  const lock = await ProjectLock.open(project, { lockTimeoutMs: 100 });
  lock.add(artifact("tool"));
  using held = await lockFile(folder.join(".hale.lock.lock"));
  const error = await assertRejects(
    () => lock.save(),
    HaleError,
    `Could not write ${
      folder.join("hale.lock")
    }: another hale process has held ${held.path} for 0.1 ` +
      "seconds",
  );
  assertEquals(error.code, "store_io");
  held.release();
  await lock.save();
  assertEquals(await locked(folder.path), ["tool"]);
});

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
    `Cannot read ${folder.join("hale.lock")}: it is a folder. hale needs the checksums in it: ` +
      "make it readable.",
  );
});
