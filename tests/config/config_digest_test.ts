import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { configDigest } from "../../src/config/config_digest.ts";
import { configFolder } from "./load_text.ts";

const TEXT = '[services.engine]\npreset = "rivet-engine"\nversion = "2.3.19"\n';

Deno.test("configDigest() is the same for the same service, whatever the order of its keys", async () => {
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

Deno.test("configDigest() is another when anything about the service changes", async () => {
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
