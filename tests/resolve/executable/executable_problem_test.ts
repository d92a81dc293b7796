import { assertEquals } from "@std/assert";
import { executableProblem } from "../../../src/resolve/executable/executable_problem.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { unixTest } from "../../fixtures/unix_test.ts";

unixTest("executableProblem() says why a path cannot be run", async () => {
  using folder = new TempFolder();
  const file = folder.write("file", "");
  const program = folder.write("program", "", { executable: true });
  const loop = folder.join("loop");
  Deno.symlinkSync(loop, loop);
  const pipe = folder.join("pipe");
  await new Deno.Command("mkfifo", { args: [pipe] }).output();
  assertEquals(executableProblem(program), null);
  assertEquals(executableProblem(folder.path), "it is a folder");
  assertEquals(executableProblem(folder.join("none")), "there is no such file");
  assertEquals(executableProblem(`${file}/below`), "a parent of it is not a folder");
  assertEquals(executableProblem(file), "it is not executable (run chmod +x on it)");
  assertEquals(executableProblem(pipe), "it is not a regular file");
  assertEquals(
    executableProblem(loop),
    `it cannot be examined (Too many levels of symbolic links (os error 40): stat '${loop}')`,
  );
});
