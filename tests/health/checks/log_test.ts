import { assertEquals, assertStringIncludes } from "@std/assert";
import { probe } from "../../../src/health/probe.ts";
import type { ProbeResult } from "../../../src/health/types.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";

function look(
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
  assertEquals((await look(folder, pattern)).kind, "unhealthy");
  folder.write("out", "starting\n");
  assertEquals((await look(folder, pattern)).kind, "unhealthy");
  folder.write("err", "warning\nready on port 8080\nmore\n");
  assertEquals(await look(folder, pattern), { kind: "healthy", body: {} });
});

Deno.test("probe() of log does not look at what launches before wrote", async () => {
  using folder = new TempFolder();
  folder.write("out", "ready\n");
  assertEquals((await look(folder, "^ready$", { stdoutOffset: 6 })).kind, "unhealthy");
  folder.write("out", "ready\nready\n");
  assertEquals((await look(folder, "^ready$", { stdoutOffset: 6 })).kind, "healthy");
});

Deno.test("probe() of log says which line it waits for", async () => {
  using folder = new TempFolder();
  const result = await look(folder, "listening");
  assertStringIncludes((result as { reason: string }).reason, '"listening"');
});

Deno.test("probe() of log is unhealthy, not broken, when the log cannot be read", async () => {
  using folder = new TempFolder();
  Deno.mkdirSync(folder.join("out"));
  assertEquals((await look(folder, "x")).kind, "unhealthy");
});
