/**
 * Checks what others read of the library: every public symbol is explained and has explicit types,
 * the examples run, and it could be published as it is.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";

const ROOT = fromFileUrl(new URL("../..", import.meta.url));

/** What is run, by what it shows. */
const CHECKS: Readonly<Record<string, readonly string[]>> = {
  "every public symbol is explained": ["doc", "--lint", "src/mod.ts"],
  "it could be published": ["publish", "--dry-run", "--allow-dirty", "--quiet"],
  "the examples run": ["test", "--quiet", "--allow-all", "--doc", "src/"],
};

const home = await Deno.makeTempDir({ prefix: "hale-docs-" });
try {
  for (const [what, args] of Object.entries(CHECKS)) {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...args],
      cwd: ROOT,
      // The examples start what they start in a home of their own.
      env: { HALE_HOME: home, NO_COLOR: "1" },
      stdin: "null",
    }).output();
    console.log(`${code === 0 ? "ok" : "FAILED"}: ${what}`);
    if (code === 0) continue;
    Deno.exitCode = 1;
    for (const bytes of [stdout, stderr]) console.error(new TextDecoder().decode(bytes).trim());
  }
} finally {
  await endSupervisor();
  await Deno.remove(home, { recursive: true });
}

/** The supervisor that the examples have started; it stays for a minute otherwise. */
async function endSupervisor(): Promise<void> {
  const endpoint = join(home, "supervisor", "endpoint.json");
  const text = await Deno.readTextFile(endpoint).catch(() => null);
  if (text === null) return;
  Deno.kill(JSON.parse(text).pid, "SIGTERM");
  while (await Deno.stat(endpoint).then(() => true, () => false)) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
