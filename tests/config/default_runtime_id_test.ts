import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { dirname, join } from "@std/path";
import { defaultRuntimeId } from "../../src/config/default_runtime_id.ts";
import { loadConfig } from "../../src/config/load.ts";
import { configFolder, loadError, loadText } from "./load_text.ts";

const SERVICE = '[services.a]\ncommand = "x"\n';

Deno.test("defaultRuntimeId() returns the folder's name and a hash of the path", () => {
  const id = defaultRuntimeId(join("/srv", "my shop", "hale.toml"));
  assertMatch(id, /^my shop-[0-9a-f]{8}$/);
  assertEquals(defaultRuntimeId(join("/srv", "my shop", "hale.toml")), id);
  assertNotEquals(defaultRuntimeId(join("/opt", "my shop", "hale.toml")), id);
});

Deno.test("defaultRuntimeId() removes unusual characters and shortens long names", () => {
  assertMatch(defaultRuntimeId(join("/", "hale.toml")), /^root-[0-9a-f]{8}$/);
  assertMatch(defaultRuntimeId(join("/", " a\nb ", "hale.toml")), /^ab-[0-9a-f]{8}$/);
  const long = defaultRuntimeId(join("/", "x".repeat(255), "hale.toml"));
  assertEquals(long.length, 99);
});

Deno.test("loadConfig() takes the id from `name`", async () => {
  assertEquals((await loadText(`name = "my app"\n${SERVICE}`)).id, "my app");
});

Deno.test("loadConfig() returns the same id when a file is loaded through a link", async () => {
  await using config = await configFolder(SERVICE);
  const link = `${config.folder}-link`;
  await Deno.symlink(config.folder, link);
  try {
    const options = {
      env: {},
      target: { os: "linux", arch: "amd64" },
      dataDir: () => "/data",
    } as const;
    const runtime = await loadConfig(join(link, "hale.toml"), options);
    assertEquals(runtime.id, (await config.load()).id);
    assertEquals(runtime.id, defaultRuntimeId(config.path));
    assertEquals(runtime.config_path, config.path);
    assertEquals(runtime.services[0]!.cwd, dirname(config.path));
  } finally {
    await Deno.remove(link);
  }
});

Deno.test("loadConfig() refuses an invalid `name`", async () => {
  const cases: Record<string, string> = {
    '""': "it is empty",
    '" a"': "it begins or ends with a space",
    '"a\\u0007b"': "it contains a control character",
    "5": "expected a string in quotes",
    [`"${"x".repeat(101)}"`]: "it has more than 100 characters",
  };
  for (const [name, fault] of Object.entries(cases)) {
    const { problems } = await loadError(`name = ${name}\n${SERVICE}`);
    assertEquals(
      problems.map(({ key, line, message }) => [key, line, message]),
      [["name", 1, `not a valid runtime name: ${fault}`]],
    );
  }
  assertEquals((await loadText(`name = "${"x".repeat(100)}"\n${SERVICE}`)).id.length, 100);
});
