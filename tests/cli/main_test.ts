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

Deno.test("main() writes results and messages and returns 0 when a command succeeds", async () => {
  assertEquals(await hale(["succeed"]), { code: 0, stdout: "a result\n", stderr: "a note\n" });
});

Deno.test("main() returns the exit status of the command", async () => {
  assertEquals((await hale(["answer"])).code, 3);
});

Deno.test("main() reports message and exit status of the error when a command throws a HaleError", async () => {
  const { code, stdout, stderr } = await hale(["refuse"]);
  assertEquals([code, stdout, stderr], [7, "", "error: Port 1 is taken.\n"]);
});

Deno.test("main() writes the error to standard output, too, when --json is given", async () => {
  const { code, stdout, stderr } = await hale(["refuse", "--json"]);
  const error = { code: "port_occupied", message: "Port 1 is taken.", fields: { port: 1 } };
  assertEquals({ code, output: JSON.parse(stdout) }, { code: 7, output: { error } });
  assertEquals(stderr, "error: Port 1 is taken.\n");
});

Deno.test("main() reports causes when -v is given", async () => {
  assertStringIncludes((await hale(["refuse", "-v"])).stderr, "caused by: Error: the cause\n");
});

Deno.test("main() reports a bug when a command throws anything else", async () => {
  const { code, stdout, stderr } = await hale(["break"]);
  assertEquals([code, stdout], [1, ""]);
  assertStringIncludes(stderr, "error: x is not a function\nThis is a bug in hale.");
  assert(!stderr.includes("main_fixture.ts"), stderr);
});

Deno.test("main() shows the stack of a bug when -v is given", async () => {
  assertStringIncludes((await hale(["break", "-v"])).stderr, "main_fixture.ts:");
});

Deno.test("main() writes a bug as JSON when --json is given", async () => {
  assertEquals(JSON.parse((await hale(["break", "--json"])).stdout).error.code, "bug");
});

Deno.test("main() returns 2 and writes JSON when the command line is wrong and --json is given", async () => {
  const { code, stdout } = await hale(["succeed", "--bogus", "--json"]);
  assertEquals([code, JSON.parse(stdout).error.code], [2, "usage"]);
});

Deno.test("main() shows help when no command is given", async () => {
  const { code, stdout, stderr } = await hale([], MAIN);
  assertEquals([code, stderr], [0, ""]);
  assertStringIncludes(stdout, "\nServices\n");
});

Deno.test("main() suggests a command when help does not know one", async () => {
  const { code, stderr } = await hale(["help", "statsu"], MAIN);
  assertEquals(code, 2);
  assertStringIncludes(stderr, "Did you mean status?");
});

for (const stream of ["stdout", "stderr"] as const) {
  Deno.test(`main() ends without an error when the reader closes ${stream}`, async () => {
    await using child = command([stream === "stdout" ? "flood" : "break"]).spawn();
    await child[stream].cancel();
    const other = stream === "stdout" ? child.stderr : child.stdout;
    const [{ code }, text] = await Promise.all([child.status, new Response(other).text()]);
    assertEquals([code, text], [stream === "stdout" ? 0 : 1, ""]);
  });
}

/** Runs a command, interrupts it at each of the words in its output, and returns how it ended. */
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
  // Signals in quick succession are one interruption: the last word may need another one.
  const repeat = words.length < 2 ? undefined : setInterval(() => child.kill("SIGINT"), 100);
  for (let part = await reader.read(); !part.done; part = await reader.read()) stdout += part.value;
  clearInterval(repeat);
  return { status: await child.status, stdout, stderr: await stderr };
}

// On Windows a single child cannot be interrupted.
const ignore = Deno.build.os === "windows";

Deno.test(
  "main() returns 130 when it is interrupted and the command cleans up",
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
  "main() returns 130 without a message when the command throws the interruption",
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

Deno.test("main() reports an error that follows an interruption", { ignore }, async () => {
  const { status, stderr } = await interrupted(["wait and fail"], ["waiting"]);
  assertEquals({ code: status.code, stderr }, { code: 130, stderr: "error: One is lost.\n" });
});

Deno.test("main() ends with 1 when processes outlive an interruption", { ignore }, async () => {
  const { status, stderr } = await interrupted(["wait and leave"], ["waiting"]);
  assertEquals({ code: status.code, stderr }, { code: 1, stderr: "error: One is left.\n" });
});

Deno.test(
  "main() ends at the second interruption with a message when the command hangs",
  { ignore },
  async () => {
    const { status, stderr } = await interrupted(["hang"], ["waiting", "hanging"]);
    assertEquals({ code: status.code, stderr }, {
      code: 130,
      stderr: "warning: Interrupted: this command ended before it was done. " +
        "`hale status` shows what is running.\n",
    });
  },
);
