import { assert, assertEquals } from "@std/assert";
import { basename, join } from "@std/path";
import { repoFiles } from "../../scripts/checks/repo_files.ts";
import { ROOT } from "./documents.ts";

/** What may wait: for time, a lock, a connection, a program. */
const WAITS = new RegExp(
  [
    "delay",
    "setTimeout",
    "setInterval",
    "AbortSignal\\.timeout",
    "new (?:Deadline|Timeout)",
    "lockFile",
    "lockTemporaryFile",
    "\\.accept",
    "\\.lock",
    "Deno\\.connect",
    "fetch",
    "new Deno\\.Command",
    "Atomics\\.wait",
  ].map((call) => `${/^\w/.test(call) ? "\\b" : ""}${call}\\(`).join("|"),
);

/** Files with such a call in which nothing waits for it. */
const NO_WAITS: Readonly<Record<string, string>> = {
  "adopted_process_poller.ts": "looks every second",
  "effects.ts": "runs timers for the state machine",
  "http_server.ts": "accepts again after a pause",
  "launch_trace.ts": "looks later",
  "std.d.ts": "types",
  "stream_events.ts": "looks again every second",
  "suspension.ts": "notices late timers",
  "time_sliced_queue.ts": "yields to requests",
  "watch.ts": "the interval of a check",
};

const text = await Deno.readTextFile(join(ROOT, ".github/CONTRIBUTING.md"));
const section = text.slice(text.indexOf("## What bounds each wait"), text.indexOf("## Style"));
const rows = section.split("\n").filter((line) => /^\| (?!-|wait )/.test(line));
const named = rows.flatMap((row) => [...row.matchAll(/`([a-z_]+\.ts)`/g)].map(([, name]) => name!));
const sources = (await repoFiles(ROOT)).filter((path) => /^src\/.*\.ts$/.test(path));

Deno.test("CONTRIBUTING.md says for each file that waits what bounds it", async () => {
  const waiting: string[] = [];
  for (const path of sources) {
    const code = (await Deno.readTextFile(join(ROOT, path))).replace(/^\s*(?:\/\/|\/?\*).*$/gm, "");
    if (WAITS.test(code)) waiting.push(basename(path));
  }
  assert(waiting.length > 40);
  assertEquals(waiting.filter((name) => !named.includes(name) && !(name in NO_WAITS)), []);
  assertEquals(Object.keys(NO_WAITS).filter((name) => !waiting.includes(name)), []);
});

Deno.test("CONTRIBUTING.md names files that exist where it bounds waits", () => {
  const names = sources.map((path) => basename(path));
  assertEquals(named.filter((name) => !names.includes(name)), []);
  const isHeading = (row: string) => /^\| \*\*/.test(row);
  assertEquals(rows.filter((row) => !isHeading(row) && !/`[a-z_]+\.ts`/.test(row)), []);
});
