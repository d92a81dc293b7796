import { assertEquals } from "@std/assert";
import { paintHealth, paintState } from "../../../src/cli/render/state_color.ts";
import type { Color } from "../../../src/cli/output/color.ts";

const tag: Color = (style, text) => `<${style} ${text}>`;

Deno.test("paintState() returns a state in its color", () => {
  assertEquals(
    [paintState("running", tag), paintState("backoff", tag), paintState("crashed", tag)],
    ["<green running>", "<yellow backoff>", "<red crashed>"],
  );
});

Deno.test("paintHealth() returns a health in its color", () => {
  assertEquals(
    [paintHealth("healthy", tag), paintHealth("unknown", tag), paintHealth("unhealthy", tag)],
    ["<green healthy>", "<dim unknown>", "<red unhealthy>"],
  );
});
