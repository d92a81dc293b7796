import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { homePaths, runtimePaths } from "../../../src/home/home_paths.ts";
import { listRuntimes } from "../../../src/store/runtime/list_runtimes.ts";
import { RuntimeStore } from "../../../src/store/runtime/runtime_store.ts";
import { expectError } from "../expect_error.ts";

Deno.test("listRuntimes() lists all runtimes with their ids when one of them is broken", async () => {
  const home = await Deno.makeTempDir();
  assertEquals(listRuntimes(home), []);
  const long = "n".repeat(300);
  for (const id of ["app", "App", long]) {
    await RuntimeStore.open(home, id, { displayName: `The ${id[0]}` }).close();
  }
  const paths = runtimePaths(home, "broken");
  await Deno.mkdir(paths.folder);
  await Deno.writeTextFile(paths.snapshot, "{");
  await Deno.mkdir(join(homePaths(home).runtimes, "not-yet"));
  await Deno.writeTextFile(join(homePaths(home).runtimes, ".DS_Store"), "");

  const listed = listRuntimes(home);
  const readable = listed.flatMap((each) => each.kind === "readable" ? [each.runtimeId] : []);
  assertEquals(readable.sort(), ["App", "app", long]);
  const broken = listed.filter((each) => each.kind === "broken");
  assertEquals(broken.map(({ runtimeId, error }) => [runtimeId, error.code]), [
    ["broken", "store_corrupt"],
  ]);
  const app = listed.find((each) => each.runtimeId === "app");
  assert(app?.kind === "readable");
  assertEquals(app.snapshot.display_name, "The a");
  await Deno.remove(home, { recursive: true });
});

Deno.test("listRuntimes() throws when a file is where a folder should be", async () => {
  const home = await Deno.makeTempDir();
  const { runtimes } = homePaths(home);
  await Deno.writeTextFile(runtimes, "");
  const error = await expectError(() => listRuntimes(home), "store_corrupt");
  assertEquals(error.fields.path, runtimes);
  await Deno.remove(runtimes);
  await Deno.mkdir(runtimes);
  await Deno.writeTextFile(join(runtimes, "app"), "");
  const inside = await expectError(() => listRuntimes(home), "store_corrupt");
  assertEquals(inside.fields.path, join(runtimes, "app"));
  await Deno.remove(home, { recursive: true });
});
