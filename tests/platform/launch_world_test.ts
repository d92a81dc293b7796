/** What a program gets from its launcher: environment, descriptors, signals. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { HaleError } from "../../src/errors.ts";
import { openDetached, readPidFile } from "../../src/platform/unix_launcher.ts";
import { launchPlan as plan } from "../fixtures/launch_plan.ts";
import { TempFolder } from "../fixtures/temp_folder.ts";
import { linuxTest, unixTest } from "../fixtures/unix_test.ts";
import { until } from "../fixtures/until.ts";

const EXIT_0 = { code: 0, signal: null };

/** Names that a shell drops, changes or uses. */
const UNUSUAL: Readonly<Record<string, string>> = {
  "db.password": "hunter2",
  "BASH_FUNC_x%%": "() { echo  'two  spaces'\n}",
  "-S": "split this string",
  "-C": "/tmp",
  "-": "",
  "1": "$x",
  "a b\nc": "line\nbreak",
  "ключ": "значение 🔑",
  IFS: "x",
  OPTIND: "no number",
  UID: "77",
  PWD: "/another/folder",
  OLDPWD: "/an/older/one",
  SHLVL: "41",
  _: "underscore",
  PS1: "$",
  PS4: "$(touch traced)",
  ENV: "/no/such/file",
  BASH_ENV: "/no/such/file",
  SHELLOPTS: "xtrace",
  POSIXLY_CORRECT: "1",
  PERL5OPT: "-Mno_such_module",
  PERL_UNICODE: "SDA",
  LC_ALL: "no_such_locale",
  h_0: "X=1",
  h_1: "",
  hale_launch_fd: "7",
};

async function environmentOf(folder: TempFolder, env: Readonly<Record<string, string>>) {
  const launch = plan(folder, "", { program: "/usr/bin/env", args: ["-0"], env });
  assertEquals(await openDetached(launch).status, EXIT_0, folder.read("err"));
  assertEquals(folder.read("err"), "");
  return folder.read("out").split("\0").slice(0, -1).sort();
}

linuxTest("openDetached() passes the environment of the plan unchanged, and PWD", async () => {
  using folder = new TempFolder();
  const expected = (env: Readonly<Record<string, string>>) =>
    Object.entries(env).map(([name, value]) => `${name}=${value}`).sort();
  assertEquals(await environmentOf(folder, UNUSUAL), expected(UNUSUAL));
  using other = new TempFolder();
  const usual = { PATH: "/no/such/folder", EMPTY: "", LINE: "a\nb=c\n" };
  assertEquals(await environmentOf(other, usual), expected({ ...usual, PWD: other.path }));
  using third = new TempFolder();
  assertEquals(await environmentOf(third, {}), expected({ PWD: third.path }));
});

linuxTest("openDetached() shows no value of the environment on a command line", async () => {
  using folder = new TempFolder();
  // A launcher that waits for its log: whatever it would show is visible meanwhile.
  const fifo = folder.join("fifo");
  await new Deno.Command("mkfifo", { args: [fifo] }).output();
  const env = { PATH: "/usr/bin:/bin", "db.password": "hunter-two", "BASH_FUNC_x%%": "hunter-two" };
  const child = openDetached(plan(folder, "exec sleep 60", { env, stdoutPath: fifo }));
  const commandLines = async () => {
    const { stdout } = await new Deno.Command("/bin/sh", {
      args: ["-c", "cat /proc/[0-9]*/cmdline"],
      stderr: "null",
    }).output();
    return new TextDecoder().decode(stdout);
  };
  try {
    await until(() => folder.read("pid") !== "");
    assert(!(await commandLines()).includes("hunter-two"));
  } finally {
    using _reader = await Deno.open(fifo, { read: true });
    await until(async () => (await commandLines()).includes("sleep\u000060"));
    assert(!(await commandLines()).includes("hunter-two"));
    Deno.kill(child.pid, "SIGKILL");
    await child.status;
  }
});

unixTest("openDetached() runs a program with an equals sign in its path", async () => {
  using folder = new TempFolder();
  Deno.mkdirSync(folder.join("a=b"));
  const program = folder.write("a=b/prog", '#!/bin/sh\nprintf "%s\\n" "$0" "$@"\n', {
    executable: true,
  });
  const args = ["-S", "--", "x=1", "", "-"];
  const child = openDetached(plan(folder, "", { program, args, env: { "-S": "1", "a.b": "" } }));
  assertEquals(await child.status, EXIT_0);
  assertEquals(folder.read("out"), [program, ...args, ""].join("\n"));
});

unixTest("openDetached() runs a script without an interpreter line with /bin/sh", async () => {
  using folder = new TempFolder();
  const program = folder.write("script", 'echo "$1"\n', { executable: true });
  assertEquals(
    await openDetached(plan(folder, "", { program, args: ["two  words"] })).status,
    EXIT_0,
  );
  assertEquals(folder.read("out"), "two  words\n");
});

linuxTest("openDetached() passes 16,000 variables", async () => {
  using folder = new TempFolder();
  const env = Object.fromEntries(Array.from({ length: 16_000 }, (_, i) => [`v.${i}`, String(i)]));
  const seen = await environmentOf(folder, env);
  assertEquals(seen.length, 16_001);
  assertEquals(new Set(seen), new Set(Object.entries({ ...env, PWD: folder.path }).map(join)));
});

function join([name, value]: [string, string]): string {
  return `${name}=${value}`;
}

/** Without Perl. */
const byShell = () => null;

unixTest("openDetached() passes the environment on by the shell without Perl", async () => {
  using folder = new TempFolder();
  const env = {
    PATH: "/no/such/folder",
    EMPTY: "",
    boot: "1",
    stat: "2",
    nice: "3",
    LINE: "a\nb=c",
  };
  for (const nice of [null, 0]) {
    const pidPath = folder.join(`pid-${nice}`);
    const launch = plan(folder, "", {
      program: "/usr/bin/env",
      args: ["-0"],
      env,
      nice,
      pidPath,
      stdoutPath: folder.join(`out-${nice}`),
    });
    assertEquals(await openDetached(launch, byShell).status, EXIT_0, folder.read("err"));
    const seen = folder.read(`out-${nice}`).split("\0").slice(0, -1)
      .filter((entry) => !/^(SHLVL|_)=/.test(entry));
    const expected = Object.entries({ ...env, PWD: folder.path });
    assertEquals(seen.sort(), expected.map(([name, value]) => `${name}=${value}`).sort());
  }
});

unixTest("openDetached() refuses what the shell does not pass on without Perl", () => {
  using folder = new TempFolder();
  for (const name of ["db.password", "BASH_FUNC_x%%", "1", "IFS", "OPTIND", "hale_launch_fd"]) {
    const launch = plan(folder, "touch ran", { env: { [name]: "hunter2" } });
    const { message } = assertThrows(() => openDetached(launch, byShell), HaleError);
    assertEquals(
      message,
      `Could not start /bin/sh: /bin/sh does not pass on the environment variable ${name} unchanged, ` +
        "and there is no /usr/bin/perl, which does. Install Perl, or rename or remove the variable.",
    );
    assert(!message.includes("hunter2"));
  }
  assertEquals([...Deno.readDirSync(folder.path)], []);
});

unixTest("openDetached() reports why a program cannot be run without Perl too", async () => {
  using folder = new TempFolder();
  const program = folder.join("nothing there");
  for (const nice of [null, 1]) {
    const pidPath = folder.join(`pid-${nice}`);
    const launch = plan(folder, "", { program, args: [], pidPath, nice });
    assertEquals((await openDetached(launch, byShell).status).code, 127);
    assertEquals(readPidFile(folder.read(`pid-${nice}`))?.failure, { status: 127, busy: false });
  }
});

linuxTest("openDetached() waits for a busy program without Perl too", async () => {
  using folder = new TempFolder();
  const program = folder.join("program");
  Deno.copyFileSync("/bin/echo", program);
  const writer = Deno.openSync(program, { append: true });
  const env = { PATH: "/no/such/folder" };
  const child = openDetached(plan(folder, "", { program, args: ["it ran"], env }), byShell);
  try {
    await until(() => folder.read("err").includes("ext file busy"));
  } finally {
    writer.close();
  }
  assertEquals(await child.status, EXIT_0);
  assertEquals(folder.read("out"), "it ran\n");
});

/** Starts a launch from a process with descriptors and signals of its own. */
async function launchFrom(folder: TempFolder, shell: string, program: string[]): Promise<void> {
  const starter = folder.write(
    "starter.ts",
    `import { openDetached, readPidFile } from ${
      JSON.stringify(import.meta.resolve("../../src/platform/unix_launcher.ts"))
    };
    const { code } = await openDetached(${
      JSON.stringify(
        plan(folder, "", {
          program: program[0]!,
          args: program.slice(1),
          stdoutPath: folder.join("said"),
        }),
      )
    }).status;
    Deno.exit(code);`,
  );
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const command = `exec "${Deno.execPath()}" run -q -A --config "${config}" "${starter}"`;
  const { code, stderr } = await new Deno.Command("/bin/bash", {
    args: ["-c", `${shell}\n${command}`],
    cwd: folder.path,
    stdin: "null",
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
}

linuxTest("openDetached() passes no descriptor but its mark", async () => {
  using folder = new TempFolder();
  const shell = "exec 3>three 4<&0 7>seven 8>eight 9>nine 12>twelve 251>many";
  await launchFrom(folder, shell, ["/bin/sh", "-c", "ls -l /proc/$$/fd; :"]);
  const links = [...folder.read("said").matchAll(/ ([0-9]+) -> (.*)$/gm)];
  assertEquals(links.map(([, fd, path]) => `${fd} ${path}`).sort(), [
    "0 /dev/null",
    `1 ${folder.join("said")}`,
    `2 ${folder.join("err")}`,
    `8 ${folder.join("pid")}`,
  ]);
});

linuxTest("openDetached() resets the signals that its parent ignores", async () => {
  using folder = new TempFolder();
  const shell = "trap '' HUP INT QUIT USR1 USR2 PIPE ALRM TERM TSTP TTIN TTOU WINCH";
  await launchFrom(folder, shell, ["/bin/cat", "/proc/self/status"]);
  const ignored = BigInt("0x" + /SigIgn:\s*([0-9a-f]+)/.exec(folder.read("said"))![1]);
  // Signals 32 and 33 belong to the C library, which lets no program change them.
  assertEquals(ignored & 0x7fffffffn, 0n);
});

unixTest("openDetached() refuses variables that no process can have", () => {
  using folder = new TempFolder();
  const says = (name: string) =>
    `${
      JSON.stringify(name)
    } cannot be the name of an environment variable. A name has at least one ` +
    'character, and none of them is "=" or NUL.';
  const cases = [
    ["a=b", "1", says("a=b")],
    ["", "1", says("")],
    ["a\0b", "1", says("a\0b")],
    [
      "a",
      "b\0c",
      "the value of the environment variable a has a NUL character, which no process can be given. " +
      "Remove it.",
    ],
  ] as const;
  for (const [name, value, why] of cases) {
    const launch = plan(folder, "touch ran", { env: { [name]: value } });
    assertThrows(() => openDetached(launch), HaleError, `Could not start /bin/sh: ${why}`);
  }
  assertEquals([...Deno.readDirSync(folder.path)], []);
});
