import { assertEquals, assertStringIncludes } from "@std/assert";
import { probe } from "../../../src/health/probe.ts";
import type { ProbeResult } from "../../../src/health/types.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";

function probeLogs(
  folder: TempFolder,
  pattern: string,
  offsets: { stdoutOffset?: number; stderrOffset?: number } = {},
): Promise<ProbeResult> {
  const launch = {
    cwd: folder.path,
    env: {},
    stdoutPath: folder.join("out"),
    stderrPath: folder.join("err"),
    stdoutOffset: 0,
    stderrOffset: 0,
    ...offsets,
  };
  return probe({ kind: "log", pattern }, { timeoutMs: 1_000, launch });
}

Deno.test("probe() of log is healthy once a line of either log matches", async () => {
  using folder = new TempFolder();
  const pattern = "^ready on port \\d+$";
  assertEquals((await probeLogs(folder, pattern)).kind, "unhealthy");
  folder.write("out", "starting\n");
  assertEquals((await probeLogs(folder, pattern)).kind, "unhealthy");
  folder.write("err", "warning\nready on port 8080\nmore\n");
  assertEquals(await probeLogs(folder, pattern), { kind: "healthy", body: {} });
});

Deno.test("probe() of log ignores the output of earlier launches", async () => {
  using folder = new TempFolder();
  folder.write("out", "ready\n");
  assertEquals((await probeLogs(folder, "^ready$", { stdoutOffset: 6 })).kind, "unhealthy");
  folder.write("out", "ready\nready\n");
  assertEquals((await probeLogs(folder, "^ready$", { stdoutOffset: 6 })).kind, "healthy");
});

Deno.test("probe() of log reports the pattern that it waits for", async () => {
  using folder = new TempFolder();
  const result = await probeLogs(folder, "listening");
  assertStringIncludes((result as { reason: string }).reason, '"listening"');
});

Deno.test("probe() of log is unhealthy when the log cannot be read", async () => {
  using folder = new TempFolder();
  Deno.mkdirSync(folder.join("out"));
  assertEquals((await probeLogs(folder, "x")).kind, "unhealthy");
});
