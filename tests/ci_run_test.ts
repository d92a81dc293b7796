import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";

const RUN = fromFileUrl(new URL("../.ci/run", import.meta.url));

/**
 * Runs `.ci/run` with a replacement for npx, because the real commands take minutes and would run these
 * tests again.
 *
 * @param answers Output and exit status for arguments that end with a word.
 */
async function run(answers: Readonly<Record<string, readonly [output: string, status: number]>>) {
  const folder = await Deno.makeTempDir();
  try {
    const cases = Object.entries(answers).map(([word, [output, status]]) =>
      `*" ${word}") printf '${output}'; exit ${status} ;;`
    );
    const npx = `#!/bin/sh\nread -r line\necho "npx $*"\n` +
      `case "$*" in\n${cases.join("\n")}\nesac\n`;
    await Deno.writeTextFile(join(folder, "npx"), npx, { mode: 0o755 });
    for (const name of ["node", "apt-get"]) {
      const text = `#!/bin/sh\necho "${name} $*"\n`;
      await Deno.writeTextFile(join(folder, name), text, { mode: 0o755 });
    }
    const child = new Deno.Command(RUN, {
      env: {
        PATH: `${folder}:${Deno.env.get("PATH")}`,
        CI: "true",
        DENO_FOR_COMPILE: "",
        HALE_COMPILE_BASE: "/nowhere",
      },
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const [stdout, { code }] = await Promise.all([new Response(child.stdout).text(), child.status]);
    // A part that reads standard input would have waited for this stream.
    await child.stdin.close();
    return { code, lines: stdout.trimEnd().split("\n") };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const PASSED =
  "\\033[0m\\033[32mok\\033[0m | 71 passed (3 steps) | 0 failed | 1 ignored (383ms)\\n";
const FAILED = "FAILED | 2 passed | 3 failed (1s)\\n";
const ignore = Deno.build.os === "windows";

Deno.test(
  ".ci/run runs all parts and ends with the count when all succeed",
  { ignore },
  async () => {
    const { code, lines } = await run({ "task test": [PASSED, 0] });
    assertEquals(lines.filter((line) => line.startsWith("npx ")), [
      "npx -y deno@2.9.6 fmt --check",
      "npx -y deno@2.9.6 task lint",
      "npx -y deno@2.9.6 task check",
      "npx -y deno@2.9.6 task imports",
      "npx -y deno@2.9.6 task docs",
      "npx -y deno@2.9.6 task test",
    ]);
    assert(lines.includes("node scripts/checks/check_workflows.mjs"));
    assertEquals([code, lines.at(-1)], [0, "71 passed, 0 failed"]);
  },
);

Deno.test(
  ".ci/run says that the executable is not tested when it cannot be built",
  { ignore },
  async () => {
    const { lines } = await run({ "task test": [PASSED, 0] });
    assert(lines.some((line) => line.startsWith("NOT TESTED: no base runtime")));
  },
);

Deno.test(".ci/run sums up when there are several summaries", { ignore }, async () => {
  const { code, lines } = await run({ "task test": [PASSED + FAILED, 1] });
  assertEquals([code, lines.at(-1)], [1, "73 passed, 3 failed"]);
});

Deno.test(
  ".ci/run fails when the tests fail with a summary without failures",
  { ignore },
  async () => {
    const { code, lines } = await run({ "task test": [PASSED, 1] });
    assertEquals([code, lines.at(-2), lines.at(-1)], [1, "not ok: tests", "71 passed, 0 failed"]);
  },
);

Deno.test(".ci/run fails when no test ran", { ignore }, async () => {
  const { code, lines } = await run({ "task test": ["", 0] });
  assertEquals([code, lines.at(-2), lines.at(-1)], [
    1,
    "not ok: no test ran",
    "0 passed, 0 failed",
  ]);
});

for (const [name, command] of [["format", "fmt --check"], ["lint", "task lint"]] as const) {
  Deno.test(`.ci/run runs the tests and fails when only ${name} fails`, { ignore }, async () => {
    const { code, lines } = await run({ [command]: ["", 1], "task test": [PASSED, 0] });
    assertEquals([code, lines.at(-1)], [1, "71 passed, 0 failed"]);
    assertStringIncludes(lines.at(-2)!, `not ok: ${name}`);
  });
}
