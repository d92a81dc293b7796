import { assertEquals, assertMatch } from "@std/assert";
import config from "../../../../deno.json" with { type: "json" };
import { Interruption } from "../../../../src/cli/interruption.ts";
import { COMMANDS } from "../../../../src/cli/registry.ts";
import { parseCommandLine } from "../../../../src/cli/args/parse.ts";
import { run } from "../../../../src/cli/commands/version/run.ts";
import { captureOutput } from "../../captured_output.ts";

async function version(args: readonly string[]): Promise<string> {
  const { common } = await parseCommandLine(args, COMMANDS);
  const { output, stdout } = captureOutput();
  using interruption = new Interruption();
  const command = COMMANDS.find(({ name }) => name === "version")!;
  assertEquals(
    await run({
      command,
      commands: COMMANDS,
      args: {},
      flags: {},
      rest: [],
      common,
      output,
      signal: interruption.signal,
      interruption,
    }),
    0,
  );
  return stdout();
}

Deno.test("version prints one line", async () => {
  assertMatch(
    await version(["version"]),
    new RegExp(`^hale ${config.version} \\(deno ${Deno.version.deno}, [a-z]+-[a-z0-9]+\\)\n$`),
  );
});

Deno.test("version prints an object when --json is given", async () => {
  const { version: own, deno, target } = JSON.parse(await version(["--json", "version"]));
  assertEquals([own, deno], [config.version, Deno.version.deno]);
  assertMatch(target, /^[a-z]+-[a-z0-9]+$/);
});
