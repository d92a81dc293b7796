import { assertEquals } from "@std/assert";
import {
  batchProblem,
  openDetached,
  readPidFile,
  ticksOf,
} from "../../src/platform/windows_launcher.ts";
import { launchPlan } from "../fixtures/launch_plan.ts";
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
