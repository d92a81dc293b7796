import { assertEquals } from "@std/assert";
import { mergeEnvironments, withoutVariables } from "../../src/platform/environment.ts";

const WINDOWS = { ignoreCase: true };
const UNIX = { ignoreCase: false };

Deno.test("mergeEnvironments() takes Path and PATH for one variable on Windows", () => {
  const parts: Record<string, string>[] = [{ Path: "C:\\Windows", HOME: "h", a: "1" }, {
    PATH: "D:\\bin",
  }, { A: "2" }];
  assertEquals(mergeEnvironments(parts, WINDOWS), { PATH: "D:\\bin", HOME: "h", A: "2" });
  assertEquals(mergeEnvironments(parts, UNIX), {
    Path: "C:\\Windows",
    HOME: "h",
    a: "1",
    PATH: "D:\\bin",
    A: "2",
  });
  assertEquals(mergeEnvironments([], WINDOWS), {});
});

Deno.test("withoutVariables() compares names as the system does", () => {
  const env: Record<string, string> = { Hale_Launch: "x", HALE_LAUNCH_2: "y", b: "" };
  assertEquals(withoutVariables(env, ["HALE_LAUNCH"], WINDOWS), { HALE_LAUNCH_2: "y", b: "" });
  assertEquals(withoutVariables(env, ["HALE_LAUNCH"], UNIX), env);
});
