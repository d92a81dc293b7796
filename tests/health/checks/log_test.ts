import { assertEquals } from "@std/assert";
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
  assertEquals(
    (result as { reason: string }).reason,
    'no line of the output matches "listening" yet',
  );
});

Deno.test("probe() of log is unhealthy when the log cannot be read", async () => {
  using folder = new TempFolder();
  Deno.mkdirSync(folder.join("out"));
  assertEquals((await probeLogs(folder, "x")).kind, "unhealthy");
});

Deno.test("probe() of log matches lines without their escape sequences", async () => {
  using folder = new TempFolder();
  // As Vite writes it with FORCE_COLOR=1.
  const line = "  \x1b[32m\x1b[1mVITE\x1b[22m v7.1.5\x1b[39m  " +
    "\x1b[2mready in \x1b[0m\x1b[1m129\x1b[22m\x1b[2m\x1b[0m ms\x1b[22m\n";
  folder.write("out", line);
  for (const pattern of ["ready in \\d+ ms", "^  VITE v7\\.1\\.5  ready in 129 ms$"]) {
    assertEquals(await probeLogs(folder, pattern), { kind: "healthy", body: {} });
  }
  folder.write("out", "\x1b[31mready\x1b[0m in ms\n");
  assertEquals((await probeLogs(folder, "ready in \\d+ ms")).kind, "unhealthy");
});

Deno.test("probe() of log takes linear time with a pattern that backtracks elsewhere", async () => {
  using folder = new TempFolder();
  folder.write("out", "a".repeat(200_000) + "!\n");
  assertEquals((await probeLogs(folder, "^(a+)+$")).kind, "unhealthy");
  assertEquals((await probeLogs(folder, "^(a|a?)*b$")).kind, "unhealthy");
});

Deno.test("probe() of log continues where the last check has stopped", async () => {
  using folder = new TempFolder();
  const launch = {
    cwd: folder.path,
    env: {},
    stdoutPath: folder.join("out"),
    stderrPath: folder.join("err"),
    stdoutOffset: 0,
    stderrOffset: 0,
  };
  const kindAfter = async (text: Uint8Array | string) => {
    using out = Deno.openSync(launch.stdoutPath, { create: true, append: true });
    out.writeSync(typeof text === "string" ? new TextEncoder().encode(text) : text);
    return (await probe({ kind: "log", pattern: "^schön, ready$" }, { timeoutMs: 1_000, launch }))
      .kind;
  };
  const line = new TextEncoder().encode("schön, ready\n");
  assertEquals(await kindAfter("y".repeat(50_000)), "unhealthy");
  // The line is too long, and its end is no line.
  assertEquals(await kindAfter("schön, ready\n"), "unhealthy");
  // In the middle of a character, then in the middle of the line.
  assertEquals(await kindAfter(line.subarray(0, 4)), "unhealthy");
  assertEquals(await kindAfter(line.subarray(4, 7)), "unhealthy");
  assertEquals(await kindAfter(line.subarray(7)), "healthy");
});

Deno.test("probe() of log ignores what a launch writes after its first MiB", async () => {
  using folder = new TempFolder();
  folder.write("out", "a line of the log\n".repeat(60_000) + "ready\n");
  assertEquals((await probeLogs(folder, "^ready$")).kind, "unhealthy");
});
