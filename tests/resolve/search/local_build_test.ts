import { assertEquals, assertStringIncludes } from "@std/assert";
import { dirname, join } from "@std/path";
import { findLocalBuild } from "../../../src/resolve/search/local_build.ts";
import { LINUX, temporaryFolder } from "../release_fixture.ts";

const PATHS = ["target/debug/hale-engine", "target/release/hale-engine"];

async function build(...segments: string[]): Promise<string> {
  const path = join(...segments);
  await Deno.mkdir(dirname(path), { recursive: true });
  await Deno.writeTextFile(path, "#!/bin/sh\n", { mode: 0o755 });
  return path;
}

Deno.test("findLocalBuild() prefers the nearest folder, then the first path", async () => {
  await using folder = await temporaryFolder();
  const root = join(folder.path, "a", "b");
  await Deno.mkdir(root, { recursive: true });
  const find = () => findLocalBuild(root, PATHS, { target: LINUX }).path;

  assertEquals(find(), null);
  const topDebug = await build(folder.path, "target/debug/hale-engine");
  assertEquals(find(), topDebug);
  const nearRelease = await build(root, "target/release/hale-engine");
  assertEquals(find(), nearRelease);
  const nearDebug = await build(root, "target/debug/hale-engine");
  assertEquals(find(), nearDebug);
});

Deno.test("findLocalBuild() searches for .exe when the target is Windows", async () => {
  await using folder = await temporaryFolder();
  await build(folder.path, "target/debug/hale-engine");
  const built = await build(folder.path, "target/release/hale-engine.exe");
  const found = findLocalBuild(folder.path, PATHS, {
    target: { os: "windows", arch: "amd64" },
  });
  assertEquals(found.path, built);
});

Deno.test("findLocalBuild() skips a folder of that name and reports it", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "target/debug/hale-engine");
  await Deno.mkdir(path, { recursive: true });
  const found = findLocalBuild(folder.path, PATHS, { target: LINUX });
  assertEquals(found.path, null);
  assertStringIncludes(found.detail, `no ${PATHS.join(" or ")} in ${folder.path}`);
  assertStringIncludes(found.detail, `${path}: it is a folder`);
});

Deno.test("findLocalBuild() finds nothing without paths", () => {
  const found = findLocalBuild("/", [], { target: LINUX });
  assertEquals(found, { path: null, detail: "`local_builds` is not set" });
});
