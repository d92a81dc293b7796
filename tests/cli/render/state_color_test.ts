import { assertEquals } from "@std/assert";
import { paintHealth, paintState } from "../../../src/cli/render/state_color.ts";
import type { Color } from "../../../src/cli/output/color.ts";

const tag: Color = (style, text) => `<${style} ${text}>`;

Deno.test("paintState() returns a state in its color", () => {
  assertEquals(
    (["running", "backoff", "stopped"] as const).map((state) => paintState({ state }, tag)),
    ["<green running>", "<yellow backoff>", "<dim stopped>"],
  );
});

Deno.test("paintState() calls a completed job done, and the state crashed failed", () => {
  assertEquals(paintState({ state: "stopped", done: true }, tag), "<green done>");
  assertEquals(paintState({ state: "stopped", done: false }, tag), "<dim stopped>");
  assertEquals(paintState({ state: "crashed", done: false }, tag), "<red failed>");
});

Deno.test("paintHealth() returns a health in its color", () => {
  assertEquals(
    [paintHealth("healthy", tag), paintHealth("unknown", tag), paintHealth("unhealthy", tag)],
    ["<green healthy>", "<dim unknown>", "<red unhealthy>"],
  );
});
