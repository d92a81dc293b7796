import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";

const FIXTURE = fromFileUrl(new URL("main_fixture.ts", import.meta.url));
const MAIN = fromFileUrl(new URL("../../main.ts", import.meta.url));

function command(args: readonly string[], program = FIXTURE): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "--no-check", program, ...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

async function hale(args: readonly string[], program = FIXTURE) {
  const { code, stdout, stderr } = await command(args, program).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

Deno.test("main() gives results, messages and the status when a command succeeds", async () => {
  assertEquals(await hale(["succeed"]), { code: 0, stdout: "a result\n", stderr: "a note\n" });
});

Deno.test("main() gives the status when a command answers with another", async () => {
  assertEquals((await hale(["answer"])).code, 3);
});

Deno.test("main() gives message and status of the error when a command throws a HaleError", async () => {
  const { code, stdout, stderr } = await hale(["refuse"]);
  assertEquals([code, stdout, stderr], [7, "", "error: Port 1 is taken.\n"]);
});

Deno.test("main() gives the error on standard output too when JSON is wanted", async () => {
  const { code, stdout, stderr } = await hale(["refuse", "--json"]);
  const error = { code: "port_occupied", message: "Port 1 is taken.", fields: { port: 1 } };
  assertEquals({ code, output: JSON.parse(stdout) }, { code: 7, output: { error } });
  assertEquals(stderr, "error: Port 1 is taken.\n");
});

Deno.test("main() tells causes when -v is given", async () => {
  assertStringIncludes((await hale(["refuse", "-v"])).stderr, "caused by: Error: the cause\n");
});

Deno.test("main() calls it a bug when a command throws anything else", async () => {
  const { code, stdout, stderr } = await hale(["break"]);
  assertEquals([code, stdout], [1, ""]);
  assertStringIncludes(stderr, "error: x is not a function\nThis is a bug in hale.");
  assert(!stderr.includes("main_fixture.ts"), stderr);
});

Deno.test("main() shows the stack of a bug when -v is given", async () => {
  assertStringIncludes((await hale(["break", "-v"])).stderr, "main_fixture.ts:");
});

Deno.test("main() gives a bug as JSON when JSON is wanted", async () => {
  assertEquals(JSON.parse((await hale(["break", "--json"])).stdout).error.code, "bug");
});

Deno.test("main() refuses with 2 and in JSON when the command line is wrong", async () => {
  const { code, stdout } = await hale(["succeed", "--bogus", "--json"]);
  assertEquals([code, JSON.parse(stdout).error.code], [2, "usage"]);
});

Deno.test("main() shows help when nothing is asked for", async () => {
  const { code, stdout, stderr } = await hale([], MAIN);
  assertEquals([code, stderr], [0, ""]);
  assertStringIncludes(stdout, "\nEvery day\n");
});

Deno.test("main() suggests a command when help is asked for an unknown one", async () => {
  const { code, stderr } = await hale(["help", "statsu"], MAIN);
  assertEquals(code, 2);
  assertStringIncludes(stderr, "Did you mean status?");
});

for (const stream of ["stdout", "stderr"] as const) {
  Deno.test(`main() ends quietly when nobody reads ${stream} any more`, async () => {
    await using child = command([stream === "stdout" ? "flood" : "break"]).spawn();
    await child[stream].cancel();
    const other = stream === "stdout" ? child.stderr : child.stdout;
    const [{ code }, text] = await Promise.all([child.status, new Response(other).text()]);
    assertEquals([code, text], [stream === "stdout" ? 0 : 1, ""]);
  });
}

/** Runs a command that waits, interrupts it at each of the words it prints, and tells how it ended. */
async function interrupted(args: readonly string[], words: readonly string[]) {
  await using child = command(args).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const stderr = new Response(child.stderr).text();
  let stdout = "";
  for (const word of words) {
    while (!stdout.includes(word)) {
      const { value, done } = await reader.read();
      if (done) break;
      stdout += value;
    }
    child.kill("SIGINT");
  }
  for (let part = await reader.read(); !part.done; part = await reader.read()) stdout += part.value;
  return { status: await child.status, stdout, stderr: await stderr };
}

// Windows gives a child no way to be interrupted alone.
const ignore = Deno.build.os === "windows";

Deno.test(
  "main() ends with 130 when it is interrupted and the command cleans up",
  { ignore },
  async () => {
    const { status, stdout, stderr } = await interrupted(["wait"], ["waiting"]);
    assertEquals({ code: status.code, stdout, stderr }, {
      code: 130,
      stdout: "waiting\ncleaned up\n",
      stderr: "",
    });
  },
);

Deno.test(
  "main() ends quietly with 130 when the command throws the interruption",
  { ignore },
  async () => {
    const { status, stdout, stderr } = await interrupted(["wait and throw"], ["waiting"]);
    assertEquals({ code: status.code, stdout, stderr }, {
      code: 130,
      stdout: "waiting\n",
      stderr: "",
    });
  },
);

Deno.test("main() tells what failed after an interruption", { ignore }, async () => {
  const { status, stderr } = await interrupted(["wait and fail"], ["waiting"]);
  assertEquals({ code: status.code, stderr }, { code: 130, stderr: "error: One is left.\n" });
});

Deno.test(
  "main() is ended by the second interruption when the command hangs",
  { ignore },
  async () => {
    const { status } = await interrupted(["hang"], ["waiting", "hanging"]);
    assertEquals(status.signal, "SIGINT");
  },
);
