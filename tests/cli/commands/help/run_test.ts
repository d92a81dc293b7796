import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Interruption } from "../../../../src/cli/interruption.ts";
import { COMMANDS } from "../../../../src/cli/registry.ts";
import { parseCommandLine } from "../../../../src/cli/args/parse.ts";
import { TOPICS } from "../../../../src/cli/manual/topics.ts";
import { HaleError } from "../../../../src/errors.ts";
import { captureOutput } from "../../captured_output.ts";

/** Runs a command line that shows help. Returns its standard output. */
async function help(...args: string[]): Promise<string> {
  const { common, request } = await parseCommandLine(args, COMMANDS);
  if (request instanceof HaleError) throw request;
  assertEquals(request.command.name, "help");
  const { output, stdout } = captureOutput();
  const { run } = await request.command.load();
  using interruption = new Interruption();
  const context = { commands: COMMANDS, common, output, interruption };
  assertEquals(await run({ ...request, ...context, signal: interruption.signal }), 0);
  return stdout();
}

Deno.test("help shows a topic, and refers to the command of the same name", async () => {
  const text = await help("help", "logs");
  assert(text.startsWith("Logs\n\n    "), text);
  assertStringIncludes(text, "\n    Flags and arguments: hale logs --help\n");
});

Deno.test("help shows the command when --help or --command is given, and refers to the topic", async () => {
  const text = await help("logs", "--help");
  assertStringIncludes(text, "\nUsage: hale logs [flags] SERVICE...\n");
  assert(text.endsWith("\n\nManual: `hale help logs`\n"), text);
  assertEquals(await help("help", "logs", "--command"), text);
});

Deno.test("help shows a command when there is no topic of its name", async () => {
  assertEquals(await help("help", "up"), await help("up", "--help"));
  assertStringIncludes(await help("help", "config", "check"), "Usage: hale config check");
});

Deno.test("help lists subcommands when --help follows the first word of a command", async () => {
  const text = await help("config", "--help");
  assertStringIncludes(text, "\n  config check  ");
  assert(text.endsWith("\n\nManual: `hale help config`\n"), text);
});

Deno.test("help lists all topics with summaries, and --help their names", async () => {
  const [long, short] = [await help("help"), await help("--help")];
  for (const { name } of TOPICS) {
    assert(new RegExp(`^  ${name} {2,}[A-Z]`, "m").test(long), name);
    assert(new RegExp(`[ \n]${name}[,\n]`).test(short), name);
  }
});

Deno.test("help prints a topic as JSON when --json is given", async () => {
  const { topic, title, markdown } = JSON.parse(await help("help", "health", "--json"));
  assertEquals([topic, title], ["health", "Health checks"]);
  assert(markdown.startsWith("# Health checks\n"), markdown);
});

Deno.test("help suggests a topic or a command when the name is unknown", async () => {
  const message = async (name: string) =>
    (await assertRejects(() => help("help", name), HaleError)).message;
  assertEquals(
    await message("helth"),
    'hale has no topic or command "helth". Did you mean health? See "hale --help".',
  );
  assertStringIncludes(await message("restrat"), "Did you mean restart?");
});
