import { assertEquals } from "@std/assert";
import { mergePreset } from "../../../src/config/schema/merge_preset.ts";

Deno.test("mergePreset() merges tables key by key and prefers the user's values", () => {
  assertEquals(
    mergePreset(
      { version: "1", env: { A: "1", B: "2" }, release: { url: "u", targets: { x: "1" } } },
      { version: "2", env: { B: "3", C: "4" }, release: { targets: { y: "2" } } },
    ),
    {
      version: "2",
      env: { A: "1", B: "3", C: "4" },
      release: { url: "u", targets: { x: "1", y: "2" } },
    },
  );
});

Deno.test("mergePreset() replaces lists", () => {
  assertEquals(mergePreset({ args: ["start", "-v"] }, { args: ["run"] }), { args: ["run"] });
});

Deno.test("mergePreset() drops the preset's health check when the user has one of another kind", () => {
  const preset = { health: { http: "u", expect: { a: 1 }, identify: { b: 2 }, within: "20s" } };
  assertEquals(mergePreset(preset, { health: { tcp: "h:1" } }), {
    health: { tcp: "h:1", within: "20s" },
  });
});

Deno.test("mergePreset() keeps the preset's `expect` when the user's check has the same kind", () => {
  const preset = { health: { http: "u", expect: { a: 1 } } };
  assertEquals(mergePreset(preset, { health: { http: "v", timeout: "2s" } }), {
    health: { http: "v", expect: { a: 1 }, timeout: "2s" },
  });
});

Deno.test("mergePreset() drops the preset's endpoint when the user sets `github`", () => {
  const preset = { release: { endpoint: "e", endpoint_env: "E", url: "u", asset: "a" } };
  assertEquals(mergePreset(preset, { release: { github: "o/r", endpoint: "mine" } }), {
    release: { asset: "a", github: "o/r", endpoint: "mine" },
  });
});

Deno.test("mergePreset() does not modify its arguments", () => {
  const preset = { env: { A: "1" }, health: { http: "u" } };
  const user = { env: { B: "2" }, health: { tcp: "t" } };
  mergePreset(preset, user);
  assertEquals(preset, { env: { A: "1" }, health: { http: "u" } });
  assertEquals(user, { env: { B: "2" }, health: { tcp: "t" } });
});
