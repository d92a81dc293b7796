import { assertEquals } from "@std/assert";
import { createColor } from "../../../src/cli/output/color.ts";
import { renderTranscript } from "../../../src/cli/render/transcript.ts";
import type { TranscriptData } from "../../../src/model/records.ts";

function render(data: TranscriptData): readonly string[] {
  return renderTranscript({ id: 1, at: "2026-11-21T10:00:00.000Z", ...data }, createColor(false));
}

Deno.test("renderTranscript() renders each entry in one line", () => {
  const launch = "l";
  const launched = {
    type: "launched",
    launch,
    pid: 7,
    binary: "/bin/web",
    args: ["-p", "80"],
  } as const;
  const table: [TranscriptData, string][] = [
    [
      { type: "requested", action: "stop", actor: { user: "ann", uid: 7, how: "cli" } },
      "stop requested  by ann (cli)",
    ],
    [{ type: "requested", action: "start", actor: null }, "start requested  by hale"],
    [{ ...launched, automatic: false }, "launched  pid 7  /bin/web -p 80"],
    [{ ...launched, automatic: true }, "restarted  pid 7  /bin/web -p 80"],
    [{ type: "healthy", launch, after_ms: 512 }, "healthy  after 512ms"],
    [{ type: "adopted", launch, pid: 7 }, "adopted by a new supervisor  pid 7"],
    [
      { type: "failed", launch, reason: { code: "spawn_failed", message: "no such folder" } },
      "spawn_failed: no such folder",
    ],
  ];
  for (const [entry, expected] of table) assertEquals(render(entry), [expected]);
});

Deno.test("renderTranscript() adds the last lines of standard error below an exit", () => {
  const exit = { exit_code: 3, signal: null };
  const ended = { type: "exited", launch: "l", exit } as const;
  assertEquals(render({ ...ended, ran_ms: 2_000, stderr: ["a", "b"] }), [
    "exited: exit code 3 after 2s",
    "| a",
    "| b",
  ]);
  assertEquals(render({ ...ended, ran_ms: null, stderr: [] }), ["exited: exit code 3"]);
});
