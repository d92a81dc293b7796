import { assertEquals, assertThrows } from "@std/assert";
import {
  batchProblem,
  openDetached,
  readPidFile,
  ticksOf,
} from "../../src/platform/windows_launcher.ts";
import { type LaunchPlan, launchPlan } from "../fixtures/launch_plan.ts";
import { TempFolder } from "../fixtures/temp_folder.ts";

Deno.test("readPidFile() reads pid and times once all lines are complete", () => {
  const text = "4711\n639000000000000000\n639000000002000000\n";
  assertEquals(readPidFile(text), {
    pid: 4711,
    startTime: null,
    bootId: null,
    startedBetween: ["639000000000000000", "639000000002000000"],
    failure: null,
  });
  for (let length = 0; length < text.length; length++) {
    assertEquals(readPidFile(text.slice(0, length)), null, `${length} bytes`);
  }
  for (const wrong of ["0\n1\n2\n", "-1\n1\n2\n", "x\n1\n2\n", "claimed\n", "4711\n"]) {
    assertEquals(readPidFile(wrong), null, JSON.stringify(wrong));
  }
});

Deno.test("ticksOf() counts as .NET does", () => {
  assertEquals(ticksOf(Date.UTC(1970, 0, 1)), "621355968000000000");
  assertEquals(ticksOf(Date.UTC(2000, 0, 1)), "630822816000000000");
  assertEquals(ticksOf(1), "621355968000010000");
});

Deno.test("batchProblem() refuses only what cmd.exe cannot pass on", () => {
  const args = ['a "b" %PATH% & ^', "", "x\\", "!y!"];
  assertEquals(batchProblem("C:\\bin\\npx.CMD", args), null);
  assertEquals(batchProblem("C:\\bin\\node.exe", ["a\nb"]), null);
  for (const arg of ["a\nb", "a\rb"]) {
    const problem = batchProblem("C:\\bin\\run.bat", [...args, arg]);
    assertEquals(problem?.startsWith("its argument 5 has a line break"), true);
  }
});

Deno.test("openDetached() on Windows leaves no pid file when nothing was started", () => {
  using folder = new TempFolder();
  const plans: Partial<LaunchPlan>[] = [
    { program: folder.join("no such program") },
    { stdoutPath: folder.join("no", "log") },
  ];
  for (const given of plans) {
    assertThrows(() => openDetached({ ...denoPlan(folder, ""), ...given }), Error);
    assertEquals([...Deno.readDirSync(folder.path)].some(({ name }) => name === "pid"), false);
  }
});

/** Runs a script of Deno, which each system has. */
function denoPlan(folder: TempFolder, code: string): LaunchPlan {
  const args = ["eval", "--no-config", code];
  return launchPlan(folder, "", { program: Deno.execPath(), args, env: Deno.env.toObject() });
}

Deno.test("openDetached() on Windows writes the pid file and appends to the logs", async () => {
  using folder = new TempFolder();
  folder.write("out", "before\n");
  const plan = denoPlan(folder, "console.log('said'); console.error('wrong'); Deno.exit(3)");
  const child = openDetached(plan);
  assertEquals(await child.status, { code: 3, signal: null });
  assertEquals([folder.read("out"), folder.read("err")], ["before\nsaid\n", "wrong\n"]);
  const file = readPidFile(folder.read("pid"));
  assertEquals(file?.pid, child.pid);
  const [from, to] = file!.startedBetween!.map(BigInt);
  assertEquals(from! < to! && to! <= BigInt(ticksOf(Date.now() + 1_000)), true);
});

Deno.test("openDetached() on Windows runs nothing when the pid file is claimed", async () => {
  using folder = new TempFolder();
  folder.write("pid", "claimed\n");
  const plan = denoPlan(folder, "Deno.writeTextFileSync('ran', '')");
  assertThrows(() => openDetached(plan), Error, "EEXIST");
  // Another launch in the same folder, which has ended: the first would have run by then.
  await openDetached({ ...denoPlan(folder, ""), pidPath: folder.join("other") }).status;
  assertEquals([folder.read("pid"), folder.read("ran")], ["claimed\n", ""]);
  assertEquals([...Deno.readDirSync(folder.path)].some(({ name }) => name === "ran"), false);
});

Deno.test({
  name: "openDetached() passes arguments to a batch file unchanged",
  ignore: Deno.build.os !== "windows",
  async fn() {
    using folder = new TempFolder();
    const script = folder.write(
      "print.cmd",
      `@"${Deno.execPath()}" eval --no-config "console.log(JSON.stringify(Deno.args))" -- %*\r\n`,
    );
    const args = ["two words", "", "%PATH%", "a&b", "^", "x\\", "Ünï"];
    const plan = launchPlan(folder, "", { program: script, args, env: Deno.env.toObject() });
    assertEquals((await openDetached(plan).status).code, 0, folder.read("err"));
    assertEquals(JSON.parse(folder.read("out")).slice(-args.length), args);
  },
});
