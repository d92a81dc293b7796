import { assertEquals } from "@std/assert";
import { isSameConfig } from "../../src/model/same_config.ts";

Deno.test("isSameConfig() ignores a version that a variable sets", () => {
  assertEquals(isSameConfig("abc", "abc"), true);
  assertEquals(isSameConfig("abc@2.0", "abc"), true);
  assertEquals(isSameConfig("abc@2.0", "abc@3.0"), true);
  assertEquals(isSameConfig("abc@2.0", "abd@2.0"), false);
});
