import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { parse } from "smol-toml";
import { loadConfig } from "../../../../src/config/load.ts";
import { readPresets } from "../../../../src/config/schema/presets.ts";

const MAIN = fromFileUrl(new URL("../../../../main.ts", import.meta.url));
const FIRST = readPresets()[0]!;

async function init(folder: string, args: readonly string[] = []) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "--no-check", MAIN, "init", ...args],
    cwd: folder,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs `hale init` in a folder with files and returns its output and its service. */
async function initWith(files: Readonly<Record<string, string>>) {
  let result: { readonly stderr: string; readonly web: unknown; readonly text: string } | undefined;
  await withFolder(async (folder) => {
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(join(folder, name), text);
    }
    const { code, stdout, stderr } = await init(folder);
    assertEquals([code, stdout], [0, ""]);
    const path = join(folder, "hale.toml");
    await loadConfig(path, {
      env: {},
      target: { os: "linux", arch: "amd64" },
      dataDir: (runtime, service) => join(folder, runtime, service),
    });
    const text = await Deno.readTextFile(path);
    const { services } = parse(text) as { services: Record<string, unknown> };
    assertEquals(Object.keys(services), ["web"]);
    result = { stderr: stderr.replace(folder, "DIR"), web: services.web, text };
  });
  return result!;
}

Deno.test("init writes an example and says so when the folder has no program", async () => {
  const { stderr, web, text } = await initWith({ "README.md": "# Nothing", "package.json": "{" });
  assertEquals(web, { command: "node", args: ["server.js"] });
  assertEquals(
    text,
    [
      '# "hale up" starts these services, "hale status" shows them, "hale down" stops them.',
      "[services.web]                        # the name is up to you",
      'command = "node"                      # the program',
      'args = ["server.js"]                  # its arguments, each a text of its own',
      '# endpoint = "http://127.0.0.1:8080"  # where it listens: hale waits until it answers',
      "",
    ].join("\n"),
  );
  assertEquals(
    stderr,
    "Wrote DIR/hale.toml.\nNothing in its folder says which program to run, so it has an example: " +
      "put your command into [services.web].\nNext: edit it, then hale up\n",
  );
});

Deno.test("init writes the start script when there is a package.json with one", async () => {
  const withScript = (start: string) =>
    initWith({ "package.json": JSON.stringify({ scripts: { start } }), "server.js": "" });
  const { stderr, web } = await withScript("node lib/main.js --port 80");
  assertEquals(web, { command: "node", args: ["lib/main.js", "--port", "80"] });
  assertStringIncludes(
    stderr,
    "The service web runs `node lib/main.js --port 80`, because of package.json.\n",
  );
  // A shell would have to read these, and npm adds to PATH.
  for (const start of ["NODE_ENV=production node main.js", "node a.js && node b.js", "vite"]) {
    assertEquals((await withScript(start)).web, { command: "npm", args: ["start"] });
  }
});

for (const [file, command] of [["server.js", "node"], ["server.py", "python3"]] as const) {
  Deno.test(`init writes a service that runs ${file} when there is one`, async () => {
    const { stderr, web } = await initWith({ [file]: "", "package.json": '{"scripts":{}}' });
    assertEquals(web, { command, args: [file] });
    assertStringIncludes(stderr, `because of ${file}.`);
  });
}

Deno.test("init writes five lines with the preset that is named", () =>
  withFolder(async (folder) => {
    const { code, stdout, stderr } = await init(folder, ["--preset", FIRST.name]);
    const path = join(folder, "hale.toml");
    assertEquals([code, stdout, stderr], [0, "", `Wrote ${path}.\nNext: hale up\n`]);
    const text = await Deno.readTextFile(path);
    assertEquals(text.trimEnd().split("\n").length, 5);
    const { version, endpoint } = FIRST.table;
    const engine = { preset: FIRST.name, version, endpoint };
    assertEquals<unknown>(parse(text), { services: { engine } });
  }));

Deno.test("init keeps the file when there is one", () =>
  withFolder(async (folder) => {
    const path = join(folder, "hale.toml");
    await Deno.writeTextFile(path, "# mine\n");
    const { code, stderr } = await init(folder);
    assertEquals({ code, text: await Deno.readTextFile(path) }, { code: 2, text: "# mine\n" });
    assertStringIncludes(stderr, `${path} already exists and was not changed.`);
  }));

Deno.test("init writes the file that --config names", () =>
  withFolder(async (folder) => {
    const { code, stdout, stderr } = await init(folder, ["-c", "other.toml", "--json"]);
    const path = join(folder, "other.toml");
    assertEquals({ code, output: JSON.parse(stdout) }, {
      code: 0,
      output: { path, services: ["web"], found: null },
    });
    assertStringIncludes(stderr, "Next: edit it, then hale -c other.toml up\n");
    assert((await Deno.stat(path)).isFile);
  }));

Deno.test("init writes a preset once when it is named twice", () =>
  withFolder(async (folder) => {
    await init(folder, ["--preset", FIRST.name, "--preset", FIRST.name]);
    const text = await Deno.readTextFile(join(folder, "hale.toml"));
    assertEquals(text.match(/^preset = /gm)?.length, 1);
  }));

Deno.test("init suggests a preset and writes nothing when the name is unknown", () =>
  withFolder(async (folder) => {
    const { code, stderr } = await init(folder, ["--preset", `${FIRST.name}x`]);
    assertEquals(code, 2);
    assertStringIncludes(stderr, `Did you mean ${FIRST.name}?`);
    assertEquals([...Deno.readDirSync(folder)], []);
  }));

Deno.test("init reports the path when the folder is missing", () =>
  withFolder(async (folder) => {
    const { code, stderr } = await init(folder, ["--config", "missing/hale.toml"]);
    assertEquals(code, 1);
    assertStringIncludes(stderr, `Could not write ${join(folder, "missing/hale.toml")}: `);
  }));
