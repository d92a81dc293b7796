import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { bootId, inspectProcesses } from "../../src/platform/mod.ts";
import { LAUNCHER_NAME } from "../../src/platform/launcher_status.ts";
import { DEFAULT_LIMITS, launcherScript } from "../../src/platform/launcher_script.ts";
import { openDetached, readPidFile } from "../../src/platform/unix_launcher.ts";
import { launchPlan as plan } from "../fixtures/launch_plan.ts";
import { TempFolder } from "../fixtures/temp_folder.ts";
import { linuxTest, unixTest } from "../fixtures/unix_test.ts";
import { until } from "../fixtures/until.ts";

const STAT = "4711 (sh) S 1 4711 4711 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 987654 0 0";

Deno.test("readPidFile() reads pid, start time and boot", () => {
  assertEquals(readPidFile(`4711\nab12-cd\n${STAT}\n`), {
    pid: 4711,
    startTime: "987654",
    bootId: "ab12-cd",
    startedBetween: null,
    failure: null,
  });
});

Deno.test("readPidFile() reads the start time that macOS prints", () => {
  const boot = "0F7A1B7E-9D3C-4B0B-8E0C-2F3B6A1C9D10";
  const read = (start: string) => readPidFile(`4711\n${boot}\n${start}\n`)?.startTime;
  // lstart has a width of 28 (adv_cmds, ps/keyword.c). The process table has it with single spaces.
  assertEquals(read("Sat Nov 21 10:11:12 2026    "), "Sat Nov 21 10:11:12 2026");
  assertEquals(read("Sun Nov  1 10:11:12 2026    "), "Sun Nov 1 10:11:12 2026");
  assertEquals(read("ps: process id too large: 100000"), null);
  assertEquals(readPidFile(`4711\n${boot}\nSat Nov 21 10:11:12 2026    \n`)?.bootId, boot);
});

Deno.test("readPidFile() returns null for values that the launcher could not read", () => {
  assertEquals(readPidFile("4711\n\n\n"), {
    pid: 4711,
    startTime: null,
    bootId: null,
    startedBetween: null,
    failure: null,
  });
});

Deno.test("readPidFile() reads only the launcher's own word as its failure", () => {
  const failure = (rest: string) => readPidFile(`4711\nab12-cd\n${STAT}\n${rest}`)?.failure;
  assertEquals(failure("failed 127\n"), { status: 127, busy: false });
  assertEquals(failure("failed 126 busy\n"), { status: 126, busy: true });
  assertEquals(failure(""), null);
  assertEquals(failure("failed\n"), null);
  // The program wrote to the descriptor that it inherited.
  assertEquals(failure("hello\nfailed 127\n"), null);
});

Deno.test("readPidFile() returns null when the file is incomplete", () => {
  const text = `4711\nab12-cd\n${STAT}\n`;
  for (let length = 0; length < text.length; length++) {
    assertEquals(readPidFile(text.slice(0, length)), null, `${length} bytes`);
  }
  assertEquals(readPidFile("claimed\n"), null);
  assertEquals(readPidFile("-1\n\n\n"), null);
  assertEquals(readPidFile("0\n\n\n"), null);
});

const EXIT_0 = { code: 0, signal: null };

unixTest("openDetached() passes arguments unchanged", async () => {
  using folder = new TempFolder();
  const args = ["two words", "", "$HOME", "`id`", "a\nb", "*", "'\"\\", "--", "-n", "Ünï"];
  const program = folder.write("print", '#!/bin/sh\nfor arg; do printf "%s\\0" "$arg"; done\n', {
    executable: true,
  });
  assertEquals(await openDetached(plan(folder, "", { program, args })).status, EXIT_0);
  assertEquals(folder.read("out").split("\0").slice(0, -1), args);
});

unixTest("openDetached() passes only the environment of the plan", async () => {
  using folder = new TempFolder();
  const env = { ONLY: "this", EMPTY: "" };
  const launch = plan(folder, "", { program: "/usr/bin/env", args: ["-0"], env });
  assertEquals(await openDetached(launch).status, EXIT_0);
  // The shell sets these itself.
  const seen = folder.read("out").split("\0").filter((entry) =>
    !/^(PWD|OLDPWD|SHLVL|_)=/.test(entry)
  );
  assertEquals(seen.sort(), ["", "EMPTY=", "ONLY=this"]);
});

unixTest("openDetached() passes variables whose names the shell does not accept", async () => {
  using folder = new TempFolder();
  const env = { "discovery.type": "single node", "BASH_FUNC_x%%": "() { :; }", "1": "$x" };
  const launch = plan(folder, "", { program: "/usr/bin/env", args: ["-0"], env });
  assertEquals(await openDetached(launch).status, EXIT_0);
  const seen = folder.read("out").split("\0");
  for (const [name, value] of Object.entries(env)) assert(seen.includes(`${name}=${value}`), name);
});

unixTest(
  "openDetached() writes the pid file before the program runs, and the program has that pid",
  async () => {
    using folder = new TempFolder();
    const child = openDetached(plan(folder, 'cp pid seen; echo "$$"; exec sleep 60'));
    try {
      await until(() => folder.read("out") !== "");
      assertEquals(folder.read("out"), `${child.pid}\n`);
      assertEquals(folder.read("seen"), folder.read("pid"));
      const written = readPidFile(folder.read("pid"));
      const info = (await inspectProcesses([child.pid])).get(child.pid);
      assertEquals(written?.pid, child.pid);
      assertEquals(written?.startTime, info?.startTime);
      assertEquals(written?.bootId, await bootId());
      assertEquals({ group: info?.group, session: info?.session }, {
        group: child.pid,
        session: child.pid,
      });
    } finally {
      Deno.kill(child.pid, "SIGKILL");
      assertEquals(await child.status, { code: null, signal: "SIGKILL" });
    }
  },
);

unixTest("openDetached() does not run the program when the pid file is claimed", async () => {
  using folder = new TempFolder();
  folder.write("pid", "claimed\n");
  const child = openDetached(plan(folder, "touch ran"));
  assertEquals(await child.status, { code: 125, signal: null });
  assertEquals({ pid: folder.read("pid"), out: folder.read("out"), err: folder.read("err") }, {
    pid: "claimed\n",
    out: "",
    err: "",
  });
  assertEquals([...Deno.readDirSync(folder.path)].map(({ name }) => name), ["pid"]);
});

unixTest("openDetached() appends to the logs, also through a symbolic link", async () => {
  using folder = new TempFolder();
  folder.write("real", "before\n");
  folder.write("err", "old\n");
  Deno.symlinkSync(folder.join("real"), folder.join("out"));
  const child = openDetached(plan(folder, "echo said; echo wrong >&2"));
  assertEquals(await child.status, EXIT_0);
  assertEquals(folder.read("real"), "before\nsaid\n");
  assertEquals(folder.read("err"), "old\nwrong\n");
});

unixTest("openDetached() writes no pid file when its path is null", async () => {
  using folder = new TempFolder();
  assertEquals(await openDetached({ ...plan(folder, "echo on"), pidPath: null }).status, EXIT_0);
  assertEquals(folder.read("out"), "on\n");
  assertEquals(folder.read("pid"), "");
});

unixTest("openDetached() exits with 125 when a log cannot be opened", async () => {
  using folder = new TempFolder();
  for (const missing of ["stdoutPath", "stderrPath"] as const) {
    const pidPath = folder.join(`pid-${missing}`);
    const paths = { pidPath, [missing]: folder.join("no", "log") };
    const child = openDetached(plan(folder, "touch ran", paths));
    assertEquals(await child.status, { code: 125, signal: null }, missing);
  }
  assertEquals([...Deno.readDirSync(folder.path)].some(({ name }) => name === "ran"), false);
});

unixTest("openDetached() exits with 125 when the pid file cannot be written", async () => {
  using folder = new TempFolder();
  const child = openDetached(plan(folder, "touch ran", { pidPath: folder.join("no", "pid") }));
  assertEquals(await child.status, { code: 125, signal: null });
  assertEquals([...Deno.readDirSync(folder.path)].length, 0);
});

unixTest("openDetached() reports by exit status and log why a program cannot be run", async () => {
  using folder = new TempFolder();
  folder.write("plain", "#!/bin/sh\necho ran\n");
  folder.write("no-interpreter", "#!/no/such/interpreter\n", { executable: true });
  const wrongMachine = folder.join("wrong-machine");
  const header = new Uint8Array(64);
  header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  Deno.writeFileSync(wrongMachine, header, { mode: 0o755 });
  const cases = [
    { program: folder.join("nothing-there"), code: 127 },
    // bash, the sh of macOS, does not tell the two causes apart.
    { program: folder.join("no-interpreter"), code: Deno.build.os === "darwin" ? 126 : 127 },
    { program: folder.join("plain"), code: 126 },
    { program: folder.path, code: 126 },
    { program: wrongMachine, code: 126 },
  ];
  for (const [index, { program, code }] of cases.entries()) {
    const pidPath = folder.join(`pid-${index}`);
    const stderrPath = folder.join(`err-${index}`);
    const child = openDetached(plan(folder, "", { program, args: [], pidPath, stderrPath }));
    assertEquals(await child.status, { code, signal: null }, program);
    assertStringIncludes(folder.read(`err-${index}`), program);
    assertEquals(readPidFile(folder.read(`pid-${index}`))?.failure, { status: code, busy: false });
  }
  assertEquals(folder.read("out"), "");
});

unixTest("openDetached() leaves no mark when the program exits with 125, 126 or 127", async () => {
  using folder = new TempFolder();
  for (const code of [125, 126, 127]) {
    for (const nice of [null, 0]) {
      const pidPath = folder.join(`pid-${code}-${nice}`);
      const child = openDetached(plan(folder, `exit ${code}`, { pidPath, nice }));
      assertEquals(await child.status, { code, signal: null });
      assertEquals(readPidFile(Deno.readTextFileSync(pidPath))?.failure, null);
    }
  }
});

unixTest("openDetached() marks its failure also when it sets the niceness", async () => {
  using folder = new TempFolder();
  const program = folder.join("nothing there");
  const child = openDetached(plan(folder, "", { program, args: [], nice: 1 }));
  assertEquals(await child.status, { code: 127, signal: null });
  assertEquals(readPidFile(folder.read("pid"))?.failure, { status: 127, busy: false });
});

/** Runs the launcher of this system by another shell. */
async function runScript(
  shell: readonly string[],
  folder: TempFolder,
  command: readonly string[],
  { pid = "pid", openFiles = "" } = {},
): Promise<number> {
  const script = launcherScript(Deno.build.os === "darwin" ? "darwin" : "linux");
  const files = [pid === "" ? "" : folder.join(pid), folder.join("out"), folder.join("err")];
  const [program = "", ...args] = shell;
  const { code } = await new Deno.Command(program, {
    args: [
      ...args,
      "-c",
      script,
      LAUNCHER_NAME,
      ...files,
      "",
      openFiles,
      "",
      "",
      "",
      script,
      ...command,
    ],
    stdin: "null",
  }).output();
  return code;
}

const hasBash = Deno.build.os !== "windows" &&
  await Deno.stat("/bin/bash").then(() => true, () => false);

Deno.test({
  name: "the launcher marks its failure when its shell is bash",
  // On macOS this is version 3.2, whose exec removes the trap when it fails.
  ignore: !hasBash,
  async fn() {
    using folder = new TempFolder();
    folder.write("plain", "#!/bin/sh\n");
    folder.write("no-interpreter", "#!/no/such/interpreter\n", { executable: true });
    for (
      const [name, codes] of [["nothing-there", [127]], ["plain", [126]], ["no-interpreter", [
        126,
        127,
      ]]] as const
    ) {
      const pid = `pid-${name}`;
      const code = await runScript(["/bin/bash", "--posix"], folder, [folder.join(name)], { pid });
      assert((codes as readonly number[]).includes(code), `${name}: ${code}`);
      assertEquals(readPidFile(folder.read(pid))?.failure, { status: code, busy: false }, name);
    }
    const ran = ["/bin/sh", "-c", "exit 126"];
    assertEquals(await runScript(["/bin/bash", "--posix"], folder, ran), 126);
    assertEquals(readPidFile(folder.read("pid"))?.failure, null);
  },
});

unixTest("the launcher raises a low limit of open files to the hard one", async () => {
  using folder = new TempFolder();
  const command = ["/bin/sh", "-c", "ulimit -S -n; ulimit -H -n"];
  const limited = (limits: string) => ["/bin/sh", "-c", `${limits}; exec /bin/sh "$@"`, "sh"];
  const run = (limits: string) =>
    runScript(limited(limits), folder, command, { pid: "", openFiles: DEFAULT_LIMITS });
  const cases = [
    // launchd gives 256 to each program that it starts.
    ["ulimit -S -n 256", 1024],
    ["ulimit -S -n 256; ulimit -H -n 1100", 1100],
    ["ulimit -n 200", 200],
  ] as const;
  for (const [index, [limits, least]] of cases.entries()) {
    assertEquals(await run(limits), 0);
    const [soft, hard] = folder.read("out").split("\n").slice(2 * index);
    assert(soft === "unlimited" || Number(soft) >= least, `${limits}: ${soft}`);
    assert(hard === "unlimited" || Number(hard) >= Number(soft), `${limits}: ${hard}`);
  }
});

unixTest("openDetached() passes DYLD variables and those of bash", async () => {
  using folder = new TempFolder();
  // macOS removes DYLD_* from its own programs, and Deno's signature allows them.
  const env = { DYLD_TEST: "1", POSIXLY_CORRECT: "77", RANDOM: "77", LINENO: "77", PS4: "x" };
  const code = "console.log(JSON.stringify(Deno.env.toObject()))";
  const args = ["eval", "--no-config", code];
  const program = Deno.execPath();
  const launch = plan(folder, "", { program, args, env: { ...env, HOME: folder.path } });
  assertEquals(await openDetached(launch).status, EXIT_0, folder.read("err"));
  const seen = JSON.parse(folder.read("out"));
  for (const [name, value] of Object.entries(env)) assertEquals(seen[name], value, name);
});

unixTest("openDetached() passes variables that its shell uses or knows", async () => {
  using folder = new TempFolder();
  const env = {
    boot: "1",
    stat: "2",
    nice: "3",
    IFS: "x",
    OPTIND: "no number",
    UID: "77",
    PS1: "$",
    BASH_VERSION: "none",
  };
  const launch = plan(folder, "", { program: "/usr/bin/env", args: ["-0"], env });
  assertEquals(await openDetached(launch).status, EXIT_0);
  const seen = folder.read("out").split("\0");
  for (const [name, value] of Object.entries(env)) assert(seen.includes(`${name}=${value}`), name);
  assertEquals(seen.filter((entry) => entry.startsWith("hale_launch")), []);
});

linuxTest("openDetached() leaves a descriptor of the pid file open for writing only", async () => {
  using folder = new TempFolder();
  const child = openDetached(plan(folder, "ls -l /proc/self/fd >links"));
  assertEquals(await child.status, EXIT_0);
  const marks = folder.read("links").split("\n").filter((it) => it.endsWith(folder.join("pid")));
  assertEquals(marks.length, 1);
  assertMatch(marks[0]!, /^l-wx------ .* 8 -> /);
});

linuxTest("openDetached() opens no descriptor of its own without a pid file", async () => {
  using folder = new TempFolder();
  const launch = { ...plan(folder, "ls /proc/$$/fd >links"), pidPath: null };
  assertEquals(await openDetached(launch).status, EXIT_0);
  assert(!folder.read("links").split("\n").includes("8"));
});

linuxTest("openDetached() runs a program once no process has it open for writing", async () => {
  using folder = new TempFolder();
  const program = folder.join("program");
  Deno.copyFileSync("/bin/echo", program);
  const writer = Deno.openSync(program, { append: true });
  const child = openDetached(plan(folder, "", { program, args: ["two  words", "*"] }));
  try {
    await until(() => folder.read("err").includes("Text file busy"));
  } finally {
    writer.close();
  }
  assertEquals(await child.status, EXIT_0);
  assertEquals(folder.read("out"), "two  words *\n");
  assertEquals(readPidFile(folder.read("pid"))?.pid, child.pid);
  assertEquals(readPidFile(folder.read("pid"))?.failure, null);
});

linuxTest("openDetached() gives up on a program that stays open for writing", async () => {
  using folder = new TempFolder();
  const program = folder.join("program");
  Deno.copyFileSync("/bin/echo", program);
  using _writer = Deno.openSync(program, { append: true });
  const child = openDetached(plan(folder, "", { program, args: [] }));
  assertEquals(await child.status, { code: 126, signal: null });
  assertEquals(readPidFile(folder.read("pid"))?.failure, { status: 126, busy: true });
});

linuxTest("openDetached() sets the limits of memory and open files", async () => {
  using folder = new TempFolder();
  const limits = { memoryBytes: 512 * 1024 * 1024, openFiles: 77 };
  const child = openDetached(plan(folder, "ulimit -d; ulimit -n; cat /proc/self/limits", limits));
  assertEquals(await child.status, EXIT_0);
  const out = folder.read("out");
  assertEquals(out.split("\n").slice(0, 2), ["524288", "77"]);
  // The hard limits too, so that the program cannot raise them.
  assertMatch(out, /^Max open files\s+77\s+77\s/m);
  assertMatch(out, /^Max data size\s+536870912\s+536870912\s/m);
});

linuxTest("openDetached() exits with 125 and logs the reason when a limit is refused", async () => {
  using folder = new TempFolder();
  const child = openDetached(plan(folder, "touch ran", { openFiles: 2 ** 40 }));
  assertEquals(await child.status, { code: 125, signal: null });
  assertMatch(folder.read("err"), /limit/);
  assert(![...Deno.readDirSync(folder.path)].some(({ name }) => name === "ran"));
});

unixTest("openDetached() sets umask and niceness without changing the pid", async () => {
  using folder = new TempFolder();
  const before = new TextDecoder().decode((await new Deno.Command("nice").output()).stdout);
  const child = openDetached(plan(folder, "umask; nice; echo $$", { umask: "027", nice: 5 }));
  assertEquals(await child.status, EXIT_0);
  assertEquals(folder.read("out"), `0027\n${Number(before) + 5}\n${child.pid}\n`);
});

unixTest("openDetached() reports the signal that killed the program", async () => {
  using folder = new TempFolder();
  const child = openDetached(plan(folder, "kill -TERM $$; sleep 60"));
  assertEquals(await child.status, { code: null, signal: "SIGTERM" });
});
