import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { repoFiles } from "../../scripts/checks/repo_files.ts";

/** Files of the platform with the system calls. */
const SYSTEM_CALLS = ["src/platform/unix.ts", "src/platform/windows.ts", "src/platform/mod.ts"];

/**
 * They kill a child of their own by its handle: Node signals no process once it has seen its exit. A child
 * is no launch before its pid file is written, and no launch has the reader of the process table.
 */
const OWN_CHILDREN = [
  "src/platform/processes/line_server.ts",
  "src/platform/windows_launcher.ts",
];

/** The only file that may use them. Its functions take proofs. */
const SIGNALS = "src/spawn/signals.ts";

async function filesOfSrcWith(pattern: RegExp): Promise<string[]> {
  const root = fromFileUrl(new URL("../../", import.meta.url));
  const files = (await repoFiles(root)).filter((file) => /^(src\/.*|main)\.ts$/.test(file));
  return files.filter((file) => pattern.test(Deno.readTextFileSync(root + file))).sort();
}

Deno.test("signals are sent only by the platform's functions", async () => {
  const calls =
    /\.\s*kill\b\s*\(|\[\s*["']kill["']\s*\]|taskkill"|\bkill\s*[},].*=\s*(Deno|process)\b/;
  assertEquals(
    await filesOfSrcWith(calls),
    [...OWN_CHILDREN, "src/platform/unix.ts", "src/platform/windows.ts"].sort(),
  );
});

Deno.test("the platform's functions that signal are called only with proofs", async () => {
  const names = /\b(signalGroup|killGroup|sendSignal)\b/;
  assertEquals(await filesOfSrcWith(names), [...SYSTEM_CALLS, SIGNALS].sort());
});
