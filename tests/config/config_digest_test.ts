import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { configDigest } from "../../src/config/config_digest.ts";
import { isSameConfig } from "../../src/model/same_config.ts";
import { configFolder } from "./load_text.ts";

const TEXT = '[services.engine]\npreset = "rivet-engine"\nversion = "2.3.19"\n';

Deno.test("configDigest() is the same when only the order of keys differs", async () => {
  await using config = await configFolder(TEXT);
  const spec = (await config.load()).services[0]!;
  const reversed = JSON.parse(
    JSON.stringify(Object.fromEntries(Object.entries(spec).reverse())),
  );
  const digest = await configDigest(spec);
  assertMatch(digest, /^[0-9a-f]{64}$/);
  assertEquals(await configDigest(reversed), digest);
  assertEquals(await configDigest((await config.load()).services[0]!), digest);
});

Deno.test("configDigest() differs when the service changes", async () => {
  await using config = await configFolder(TEXT);
  const spec = (await config.load()).services[0]!;
  const digest = await configDigest(spec);
  assertNotEquals(await configDigest({ ...spec, args: ["start", "x"] }), digest);
  assertNotEquals(await configDigest({ ...spec, env: { ...spec.env, A: "1" } }), digest);
  const other = (await config.load({ RIVETKIT_ENGINE_VERSION: "2.4.0" })).services[0]!;
  assertNotEquals(await configDigest(other), digest);
});

Deno.test("configDigest() is the same when only the source of the version changes", async () => {
  await using config = await configFolder(TEXT);
  const file = (await config.load()).services[0]!;
  const variable = (await config.load({ RIVETKIT_ENGINE_VERSION: "2.3.19" })).services[0]!;
  assertNotEquals(variable, file);
  assertEquals(await configDigest(variable), await configDigest(file));
});

Deno.test("configDigest() is the same when only a setting changes that is applied to a running launch", async () => {
  await using config = await configFolder(TEXT);
  const spec = (await config.load()).services[0]!;
  const digest = await configDigest(spec);
  const larger = { ...spec.logs, max_size_bytes: 1, keep: 1 };
  assertEquals(await configDigest({ ...spec, logs: larger }), digest);
  // `reopen_signal` affects how the program is launched.
  const reopened = { ...spec.logs, reopen_signal: "SIGHUP" } as const;
  assertNotEquals(await configDigest({ ...spec, logs: reopened }), digest);
});

Deno.test("configDigest() differs when a variable of env_file changes, and contains no value", async () => {
  await using config = await configFolder('[services.a]\ncommand = "x"\nenv_file = ".env"\n');
  const spec = (await config.load()).services[0]!;
  const digests = [await configDigest(spec)];
  const write = async (text: string) => {
    await Deno.writeTextFile(spec.env_file!, text);
    return await configDigest(spec);
  };
  for (const text of ["", "TOKEN=sesame\n", "TOKEN=other\n", "not a valid line"]) {
    digests.push(await write(text));
  }
  assertEquals(new Set(digests).size, digests.length);
  assertEquals(await write("# a comment\nTOKEN='sesame'\n"), digests[2]);
  for (const digest of digests) assertMatch(digest, /^[0-9a-f]{64}$/);
});

Deno.test("configDigest() is that of the file and the version when a variable sets another version", async () => {
  const args = 'args = ["--version", "${version}"]\n';
  await using config = await configFolder(TEXT + args);
  const digestOf = async (env: Record<string, string>) =>
    await configDigest((await config.load(env)).services[0]!);
  const file = await digestOf({});
  const VARIABLE = { RIVETKIT_ENGINE_VERSION: "2.4.0" };
  assertEquals(await digestOf(VARIABLE), `${file}@2.4.0`);
  assertEquals(await digestOf({ RIVETKIT_ENGINE_VERSION: "2.3.19" }), file);
  await Deno.writeTextFile(config.path, TEXT.replace("2.3.19", "2.3.20") + args);
  const edited = await digestOf(VARIABLE);
  assertEquals(isSameConfig(edited, file), false);
  assertEquals(isSameConfig(edited, await digestOf({})), true);
});

Deno.test("configDigest() is the same for each version when only a variable sets one", async () => {
  const release = 'release = { github = "o/r", asset = "a", checksums = "c" }\n';
  await using config = await configFolder(`[services.a]\nversion_env = "V"\n${release}`);
  const [one, other] = await Promise.all(
    ["1.0", "2.0"].map(async (V) => await configDigest((await config.load({ V })).services[0]!)),
  );
  assertNotEquals(one, other);
  assertEquals(isSameConfig(one!, other!), true);
});
