import { assertEquals } from "@std/assert";
import { TempFolder } from "../fixtures/temp_folder.ts";
import { unixTest } from "../fixtures/unix_test.ts";

unixTest("openContext() says that the working folder was removed", async () => {
  using folder = new TempFolder();
  const module = import.meta.resolve("../../src/app/context.ts");
  // In a process of its own: all tests of a run share one working folder.
  const program = folder.write(
    "program.ts",
    `import { openContext } from ${JSON.stringify(module)};
    Deno.mkdirSync("gone");
    Deno.chdir("gone");
    Deno.removeSync("../gone");
    try {
      openContext({ home: "/no/such/home" });
    } catch (error) {
      console.log(error.code, error.message);
    }`,
  );
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "--config", config, program],
    cwd: folder.path,
  }).output();
  assertEquals(
    new TextDecoder().decode(stdout),
    "usage The working folder does not exist any more. Change to another one and try again.\n",
  );
});
