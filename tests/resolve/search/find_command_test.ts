import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { DELIMITER, join } from "@std/path";
import { HaleError } from "../../../src/errors.ts";
import { commandProblem, findCommand } from "../../../src/resolve/search/find_command.ts";
import { temporaryFolder } from "../release_fixture.ts";

async function addFile(path: string, mode = 0o755): Promise<string> {
  await Deno.mkdir(join(path, ".."), { recursive: true });
  await Deno.writeTextFile(path, "#!/bin/sh\n", { mode });
  return path;
}

Deno.test("findCommand() takes the first folder on PATH that has the program", async () => {
  await using folder = await temporaryFolder();
  const [first, second, third] = ["1", "2", "3"].map((name) => join(folder.path, name)) as [
    string,
    string,
    string,
  ];
  await Deno.mkdir(first);
  const program = await addFile(join(second, "tool.exe"));
  await addFile(join(third, "tool.exe"));
  const PATH = [join(folder.path, "missing"), first, second, third].join(DELIMITER);
  assertEquals(await findCommand("tool.exe", { cwd: folder.path, env: { PATH } }), program);
});

Deno.test("findCommand() skips files that cannot be run", async () => {
  await using folder = await temporaryFolder();
  await Deno.mkdir(join(folder.path, "1", "tool.exe"), { recursive: true });
  const program = await addFile(join(folder.path, "2", "tool.exe"));
  const PATH = [join(folder.path, "1"), join(folder.path, "2")].join(DELIMITER);
  assertEquals(await findCommand("tool.exe", { cwd: folder.path, env: { PATH } }), program);
});

Deno.test("findCommand() resolves relative paths and folders on PATH against cwd", async () => {
  await using folder = await temporaryFolder();
  const program = await addFile(join(folder.path, "bin", "tool.exe"));
  assertEquals(await findCommand("./bin/tool.exe", { cwd: folder.path, env: {} }), program);
  assertEquals(await findCommand(program, { cwd: "/", env: {} }), program);
  assertEquals(await findCommand("tool.exe", { cwd: folder.path, env: { PATH: "bin" } }), program);
});

Deno.test("findCommand() does not search PATH when the command is a path", async () => {
  await using folder = await temporaryFolder();
  await addFile(join(folder.path, "bin", "sub", "tool.exe"));
  const error = await assertRejects(
    () =>
      findCommand("sub/tool.exe", { cwd: folder.path, env: { PATH: join(folder.path, "bin") } }),
    HaleError,
    `"sub/tool.exe": there is no file ${join(folder.path, "sub", "tool.exe")}`,
  );
  assertEquals({ code: error.code, exitStatus: error.exitStatus }, {
    code: "binary_not_found",
    exitStatus: 5,
  });
});

Deno.test("findCommand() throws when a name is not on PATH", async () => {
  await using folder = await temporaryFolder();
  const PATH = [join(folder.path, "a"), join(folder.path, "b")].join(DELIMITER);
  const error = await assertRejects(
    () => findCommand("no-such-tool", { cwd: "/", env: { PATH } }),
    HaleError,
    'Cannot find the command "no-such-tool": no program of that name in the 2 folders on PATH',
  );
  assertEquals(error.code, "binary_not_found");
  await assertRejects(() => findCommand("x", { cwd: "/", env: {} }), HaleError, "PATH is not set");
});

Deno.test("findCommand() suggests the program with the most similar name", async () => {
  await using folder = await temporaryFolder();
  await addFile(join(folder.path, "node"));
  await addFile(join(folder.path, "nothing-like-it"));
  // More similar, but not a program.
  await Deno.mkdir(join(folder.path, "noeds"));
  const env = { PATH: folder.path };
  const near = await assertRejects(() => findCommand("noed", { cwd: "/", env }), HaleError);
  assertStringIncludes(near.message, 'Did you mean "node"?');
  const far = await assertRejects(() => findCommand("postgres", { cwd: "/", env }), HaleError);
  assertEquals(far.message.includes("Did you mean"), false);
});

Deno.test({
  name: "findCommand() names the only candidate when it is not executable",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using folder = await temporaryFolder();
    const path = await addFile(join(folder.path, "tool"), 0o644);
    for (const command of ["tool", "./tool", path]) {
      const env = { PATH: folder.path };
      const error = await assertRejects(
        () => findCommand(command, { cwd: folder.path, env }),
        HaleError,
        `${path}: it is not executable (run chmod +x on it)`,
      );
      assertEquals(error.code, "binary_not_found");
      if (command !== "tool") continue;
      assertStringIncludes(error.message, `PATH has only files that cannot be run (${path}: it is`);
    }
  },
});

Deno.test("findCommand() names the problem when the path is a folder or below a file", async () => {
  await using folder = await temporaryFolder();
  await addFile(join(folder.path, "file"));
  const options = { cwd: folder.path, env: {} };
  const isFolder = await assertRejects(() => findCommand(folder.path, options), HaleError);
  assertStringIncludes(isFolder.message, "it is a folder");
  const through = await assertRejects(() => findCommand("file/tool", options), HaleError);
  assertMatch(through.message, /a parent of it is not a folder|there is no file/);
});

Deno.test("findCommand() names the file in cwd when a path was meant to start there", async () => {
  await using folder = await temporaryFolder();
  const cwd = join(folder.path, "bin");
  const program = await addFile(join(cwd, "tools", "server.exe"));
  // As the configuration has it: relative paths start in the folder of hale.toml.
  const command = join(folder.path, "tools", "server.exe");
  const found = await assertRejects(() => findCommand(command, { cwd, env: {} }), HaleError);
  assertStringIncludes(found.message, "starts in the folder of hale.toml, not in `cwd`");
  assertStringIncludes(found.message, `There is a file ${program}.`);
  const none = join(folder.path, "tools", "other.exe");
  const missing = await assertRejects(() => findCommand(none, { cwd, env: {} }), HaleError);
  assertStringIncludes(
    missing.message,
    "Correct `command`. A relative `command` starts in the folder of hale.toml, not in `cwd`.",
  );
  assertEquals(missing.message.includes("There is a file"), false);
  const typed = { cwd, env: {}, isTyped: true };
  const ad_hoc = await assertRejects(() => findCommand("./nothing", typed), HaleError);
  assertStringIncludes(ad_hoc.message, `A relative path starts in the current folder, ${cwd}.`);
});

Deno.test("commandProblem() separates a command line from a missing program", async () => {
  await using folder = await temporaryFolder();
  const program = await addFile(join(folder.path, "tool"));
  const options = { cwd: folder.path, env: { PATH: folder.path } };
  assertEquals(await commandProblem(program, options), null);
  assertEquals((await commandProblem("node server.js", options))?.kind, "command_line");
  assertEquals((await commandProblem("no-such-tool", options))?.kind, "missing");
  assertEquals((await commandProblem("./no-such-tool", options))?.kind, "missing");
});

Deno.test("findCommand() names the service whose command cannot be run", async () => {
  const options = { cwd: "/", env: { PATH: "" }, service: "web" };
  for (const command of ["no-such-program", "./no-such-program"]) {
    const error = await assertRejects(() => findCommand(command, options), HaleError);
    assertStringIncludes(error.message, `the command "${command}" of web: `);
    assertEquals(error.fields.service, "web");
  }
});

Deno.test("findCommand() separates program and arguments when the command is a command line", async () => {
  await using folder = await temporaryFolder();
  const program = await addFile(join(folder.path, "bin", "server.exe"));
  const options = { cwd: folder.path, env: { PATH: "" }, service: "web" };
  const cases = [
    ["node server.js", 'write command = "node", args = ["server.js"].'],
    ["npm  run dev ", 'write command = "npm", args = ["run", "dev"].'],
    ['node -e "1 + 1"', 'write command = "node", args = [...].'],
    ["bin/server.exe -p 80", 'write command = "bin/server.exe", args = ["-p", "80"].'],
    [`${program} -p 80`, 'args = ["-p", "80"].'],
  ] as const;
  for (const [command, says] of cases) {
    const error = await assertRejects(() => findCommand(command, options), HaleError, says);
    assertStringIncludes(error.message, "`command` is one program");
    assertEquals([error.code, error.fields.command], ["binary_not_found", command]);
  }
  // A path with a space in it is not a command line.
  const path = await assertRejects(() => findCommand("my tools/server", options), HaleError);
  assertStringIncludes(path.message, "there is no file");
});
