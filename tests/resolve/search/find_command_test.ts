import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { DELIMITER, join } from "@std/path";
import { HaleError } from "../../../src/errors.ts";
import { findCommand } from "../../../src/resolve/search/find_command.ts";
import { temporaryFolder } from "../release_fixture.ts";

async function addFile(path: string, mode = 0o755): Promise<string> {
  await Deno.mkdir(join(path, ".."), { recursive: true });
  await Deno.writeTextFile(path, "#!/bin/sh\n", { mode });
  return path;
}

Deno.test("findCommand() takes the first folder of PATH that has the program", async () => {
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

Deno.test("findCommand() passes over what cannot be run, and goes on", async () => {
  await using folder = await temporaryFolder();
  await Deno.mkdir(join(folder.path, "1", "tool.exe"), { recursive: true });
  const program = await addFile(join(folder.path, "2", "tool.exe"));
  const PATH = [join(folder.path, "1"), join(folder.path, "2")].join(DELIMITER);
  assertEquals(await findCommand("tool.exe", { cwd: folder.path, env: { PATH } }), program);
});

Deno.test("findCommand() starts relative paths and folders of PATH at cwd", async () => {
  await using folder = await temporaryFolder();
  const program = await addFile(join(folder.path, "bin", "tool.exe"));
  assertEquals(await findCommand("./bin/tool.exe", { cwd: folder.path, env: {} }), program);
  assertEquals(await findCommand(program, { cwd: "/", env: {} }), program);
  assertEquals(await findCommand("tool.exe", { cwd: folder.path, env: { PATH: "bin" } }), program);
});

Deno.test("findCommand() does not look on PATH when the command is a path", async () => {
  await using folder = await temporaryFolder();
  await addFile(join(folder.path, "bin", "sub", "tool.exe"));
  const error = await assertRejects(
    () =>
      findCommand("sub/tool.exe", { cwd: folder.path, env: { PATH: join(folder.path, "bin") } }),
    HaleError,
    `"sub/tool.exe" cannot be run: there is no file at ${join(folder.path, "sub", "tool.exe")}`,
  );
  assertEquals({ code: error.code, exitStatus: error.exitStatus }, {
    code: "binary_not_found",
    exitStatus: 5,
  });
});

Deno.test("findCommand() says where it looked when a name is not on PATH", async () => {
  await using folder = await temporaryFolder();
  const PATH = [join(folder.path, "a"), join(folder.path, "b")].join(DELIMITER);
  const error = await assertRejects(
    () => findCommand("no-such-tool", { cwd: "/", env: { PATH } }),
    HaleError,
    '"no-such-tool" was not found: none of the 2 folders of PATH has a program of that name',
  );
  assertEquals(error.code, "binary_not_found");
  await assertRejects(() => findCommand("x", { cwd: "/", env: {} }), HaleError, "PATH is not set");
});

Deno.test("findCommand() suggests the program whose name is nearest", async () => {
  await using folder = await temporaryFolder();
  await addFile(join(folder.path, "node"));
  await addFile(join(folder.path, "nothing-like-it"));
  // Nearer, but nothing to run.
  await Deno.mkdir(join(folder.path, "noeds"));
  const env = { PATH: folder.path };
  const near = await assertRejects(() => findCommand("noed", { cwd: "/", env }), HaleError);
  assertStringIncludes(near.message, 'Did you mean "node"?');
  const far = await assertRejects(() => findCommand("postgres", { cwd: "/", env }), HaleError);
  assertEquals(far.message.includes("Did you mean"), false);
});

Deno.test({
  name: "findCommand() says so when the only candidate is not executable",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using folder = await temporaryFolder();
    const path = await addFile(join(folder.path, "tool"), 0o644);
    for (const command of ["tool", "./tool", path]) {
      const env = { PATH: folder.path };
      const error = await assertRejects(
        () => findCommand(command, { cwd: folder.path, env }),
        HaleError,
        `${path}: it is not executable (chmod +x makes it so)`,
      );
      assertEquals(error.code, "binary_not_found");
    }
  },
});

Deno.test("findCommand() says so when the path is a folder or runs through a file", async () => {
  await using folder = await temporaryFolder();
  await addFile(join(folder.path, "file"));
  const options = { cwd: folder.path, env: {} };
  const isFolder = await assertRejects(() => findCommand(folder.path, options), HaleError);
  assertStringIncludes(isFolder.message, "it is a folder");
  const through = await assertRejects(() => findCommand("file/tool", options), HaleError);
  assertMatch(through.message, /a part of its path is no folder|there is no file at/);
});

Deno.test("findCommand() says whose command it is that cannot be run", async () => {
  const options = { cwd: "/", env: { PATH: "" }, service: "web" };
  for (const command of ["no-such-program", "./no-such-program"]) {
    const error = await assertRejects(() => findCommand(command, options), HaleError);
    assertStringIncludes(error.message, `The command "${command}" of web `);
    assertEquals(error.fields.service, "web");
  }
});
