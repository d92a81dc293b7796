import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { findConfig } from "../../src/config/find_config.ts";

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "hale_find_" });
  try {
    await Deno.mkdir(join(folder, "a", "b"), { recursive: true });
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("findConfig() finds the nearest file in the folder or above it", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "hale.toml"), "");
    assertEquals(await findConfig(join(folder, "a", "b")), join(folder, "hale.toml"));
    await Deno.writeTextFile(join(folder, "a", "hale.toml"), "");
    assertEquals(await findConfig(join(folder, "a", "b")), join(folder, "a", "hale.toml"));
    assertEquals(await findConfig(join(folder, "a")), join(folder, "a", "hale.toml"));
  }));

Deno.test("findConfig() ignores a folder of that name", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "hale.toml"), "");
    await Deno.mkdir(join(folder, "a", "hale.toml"));
    assertEquals(await findConfig(join(folder, "a", "b")), join(folder, "hale.toml"));
  }));

Deno.test("findConfig() returns null when there is no file up to the root", () =>
  inFolder(async (folder) => {
    assertEquals(await findConfig(join(folder, "a", "b")), null);
  }));
