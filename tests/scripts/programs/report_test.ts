import { assertStringIncludes } from "@std/assert";
import { renderReport } from "../../../scripts/programs/report.ts";
import { newResult } from "../../../scripts/programs/trial_result.ts";

Deno.test("renderReport() never counts a program that is not installed as tried", () => {
  const missing = { ...newResult("etcd", null), notInstalled: "no etcd" };
  const text = renderReport([missing, { ...newResult("redis", "7.0"), up: "ok, 3 ms" }]);
  assertStringIncludes(text, "| etcd | - | not installed: no etcd | - |");
  assertStringIncludes(text, "| redis | 7.0 | ok, 3 ms | - |");
  assertStringIncludes(
    text,
    "1 programs tried, 1 without an untrue word or a process left over, 1 not installed",
  );
});

Deno.test("renderReport() quotes untrue words and names what was left", () => {
  const result = newResult("web", null);
  result.untrue.push({ step: "down", said: "web stopped", saw: "still there: 7 sleep" });
  result.left.push({ step: "after down", process: "7 sleep" });
  const text = renderReport([result]);
  assertStringIncludes(text, "- untrue (down): `web stopped`: still there: 7 sleep");
  assertStringIncludes(text, "- left over (after down): `7 sleep`");
  assertStringIncludes(text, "| **1** | **1** |");
});
