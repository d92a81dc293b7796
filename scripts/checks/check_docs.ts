/**
 * Checks the documentation of the library: every public symbol is documented and has explicit
 * types, its examples run, and the package can be published.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";

const ROOT = fromFileUrl(new URL("../..", import.meta.url));

const MANUAL = "src/cli/manual";

/** The checks, as arguments of deno. */
const CHECKS: Readonly<Record<string, readonly string[]>> = {
  "every public symbol is documented": ["doc", "--lint", "src/mod.ts"],
  "the package can be published": ["publish", "--dry-run", "--allow-dirty", "--quiet"],
  "the examples of the code run": ["test", "-q", "-A", "--doc", `--ignore=${MANUAL}`, "src/"],
  // Not run: some need a network or exit. Deno 2.9.6 does not accept a folder here.
  "the examples of README and manual have the right types": [
    ...["check", "--quiet", "--doc-only", "README.md"],
    ...Array.from(Deno.readDirSync(join(ROOT, MANUAL)), ({ name }) => `${MANUAL}/${name}`)
      .filter((path) => path.endsWith(".md")),
  ],
};

const home = await Deno.makeTempDir({ prefix: "hale-docs-" });
try {
  for (const [what, args] of Object.entries(CHECKS)) {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...args],
      cwd: ROOT,
      // The examples use a home of their own.
      env: { HALE_HOME: home, NO_COLOR: "1" },
      stdin: "null",
    }).output();
    console.log(`${code === 0 ? "ok" : "FAILED"}: ${what}`);
    if (code === 0) continue;
    Deno.exitCode = 1;
    for (const bytes of [stdout, stderr]) console.error(new TextDecoder().decode(bytes).trim());
  }
} finally {
  await stopSupervisor();
  await Deno.remove(home, { recursive: true });
}

/** Stops the supervisor that the examples started. Idle, it would run for another minute. */
async function stopSupervisor(): Promise<void> {
  const endpoint = join(home, "supervisor", "endpoint.json");
  const text = await Deno.readTextFile(endpoint).catch(() => null);
  if (text === null) return;
  Deno.kill(JSON.parse(text).pid, "SIGTERM");
  while (await Deno.stat(endpoint).then(() => true, () => false)) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
