import { PRESET_NAMES } from "../../../src/config/schema/presets.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, resolve } from "@std/path";
import { COMMANDS } from "../../../src/cli/registry.ts";
import type { Command } from "../../../src/cli/command.ts";
import { COMPLETION_SCRIPTS } from "../../../src/cli/completions/shells.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { hasTerminals, InteractiveShell, isInstalled } from "./interactive_shell.ts";

const MAIN = fromFileUrl(new URL("../../../main.ts", import.meta.url));
const CONFIG = fromFileUrl(new URL("../../../deno.json", import.meta.url));

const TOML = `
[services.engine]
command = "true"
[services.api]
command = "true"
[services."two words"]
command = "true"
`;

/** A folder with a project, `hale` on PATH, and the completion scripts as files. */
class Desk extends TempFolder {
  readonly env: Record<string, string>;

  constructor() {
    super();
    for (const folder of ["bin", "project", "project/folder"]) Deno.mkdirSync(this.join(folder));
    const binary = Deno.env.get("HALE_BIN");
    const program = binary
      ? [resolve(binary)]
      : [Deno.execPath(), "run", "-q", "-P", "--config", CONFIG, MAIN];
    const quoted = program.map((word) => `'${word}'`).join(" ");
    this.write("bin/hale", `#!/bin/sh\nexec ${quoted} "$@"\n`, { executable: true });
    this.write("project/hale.toml", TOML);
    for (const [shell, script] of Object.entries(COMPLETION_SCRIPTS)) this.write(shell, script);
    this.env = {
      PATH: `${this.join("bin")}:${Deno.env.get("PATH")}`,
      HOME: this.path,
      HALE_HOME: this.join("home"),
      NO_COLOR: "1",
    };
  }

  /** Runs a script in a shell. Returns the lines it prints. */
  async lines(shell: string, args: readonly string[], script: string): Promise<string[]> {
    const { code, stdout, stderr } = await new Deno.Command(shell, {
      args: [...args, "-c", script],
      cwd: this.join("project"),
      env: this.env,
      stdin: "null",
    }).output();
    assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
    return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
  }
}

/** Defines a test that needs programs. Prints which ones are missing, and ignores the test then. */
function shellTest(name: string, needed: readonly string[], test: (desk: Desk) => Promise<void>) {
  const missing = Deno.build.os === "windows" ? needed : needed.filter((one) => !isInstalled(one));
  if (missing.length > 0) console.log(`Not tested: ${name} (${missing.join(", ")} not installed).`);
  Deno.test({
    name,
    ignore: missing.length > 0,
    async fn() {
      using desk = new Desk();
      await test(desk);
    },
  });
}

Deno.test("hale completions has a script for every shell that its help names", () => {
  const command = (COMMANDS as readonly Command[]).find(({ name }) => name === "completions")!;
  for (const shell of Object.keys(COMPLETION_SCRIPTS)) {
    assertStringIncludes(command.args[0]!.summary, shell);
  }
});

/** Lines to complete in every shell, with the expected candidates. */
const LINES: readonly (readonly [line: string, offered: readonly string[]])[] = [
  ["hale st", ["start", "status", "stop"]],
  ["hale config ", ["check"]],
  ["hale up --ti", ["--timeout"]],
  ["hale logs e", ["engine"]],
  ["hale completions ", ["bash", "fish", "powershell", "zsh"]],
  ["hale init --preset=", PRESET_NAMES.map((name) => `--preset=${name}`)],
];

shellTest("hale completions bash completes in bash", ["bash"], async (desk) => {
  /** Calls the function as Readline does, which also splits words at = and :. */
  const ask = async (line: string) => {
    const words = line.split(" ").flatMap((word) => word.split(/(?<=[=:])|(?=[=:])/));
    const list = words.map((word) => `'${word}'`).join(" ");
    return await desk.lines(
      "bash",
      ["--norc"],
      [
        `source '${desk.join("bash")}'`,
        `COMP_WORDS=(${list}) COMP_CWORD=${words.length - 1}`,
        `COMP_LINE='${line}' COMP_POINT=${line.length}`,
        `_hale`,
        `printf '%s\\n' "\${COMPREPLY[@]}"`,
      ].join("\n"),
    );
  };
  for (const [line, offered] of LINES) {
    // Readline keeps the text before the =.
    const values = offered.map((word) => word.replace(/^.*=/, ""));
    assertEquals((await ask(line)).toSorted(), values.toSorted(), line);
  }
  assertEquals(await ask("hale logs two"), ["two\\ words"]);
  assertEquals(await ask("hale -c ha"), ["hale.toml"]);
  assertEquals(await ask("hale --config=ha"), ["hale.toml"]);
  assertEquals(await ask("hale --home "), ["folder"]);
  assertEquals(await ask("hale upp "), []);
  assert((await ask("hale start web -- seq")).includes("seq"));
  assertEquals(await ask("hale start web -- cat ha"), ["hale.toml"]);
});

shellTest("hale completions fish completes in fish", ["fish"], async (desk) => {
  const ask = async (line: string) =>
    await desk.lines(
      "fish",
      ["--no-config"],
      `source '${desk.join("fish")}'; complete --do-complete '${line}'`,
    );
  for (const [line, offered] of LINES) {
    const candidates = (await ask(line)).map((line) => line.split("\t")[0]!);
    assertEquals(candidates.toSorted(), offered.toSorted(), line);
  }
  assertEquals(await ask("hale config "), ["check\tCheck hale.toml without starting anything"]);
  assertEquals((await ask("hale logs two")).map((line) => line.trim()), ["two words"]);
  assertEquals(await ask("hale -c ha"), ["hale.toml"]);
  assertEquals(await ask("hale --config=ha"), ["--config=hale.toml"]);
  assertEquals((await ask("hale --home f")).map((line) => line.split("\t")[0]), ["folder/"]);
  assertEquals(await ask("hale upp "), []);
  assert((await ask("hale start web -- seq")).some((line) => line.startsWith("seq")));
  assertEquals(await ask("hale start web -- cat ha"), ["hale.toml"]);
});

for (
  const [shell, command, prompt] of [
    ["bash", "bash --norc --noprofile -i", "PS1='%> '"],
    ["zsh", "zsh -f -i", "PS1='%%> '"],
  ] as const
) {
  shellTest(
    `hale completions ${shell} completes at the terminal of ${shell}`,
    [shell, ...(hasTerminals() ? [] : ["script"])],
    async (desk) => {
      await using terminal = new InteractiveShell(command, {
        cwd: desk.join("project"),
        env: desk.env,
      });
      const load = shell === "zsh" ? "autoload -Uz compinit; compinit -u; " : "";
      await terminal.type(`${load}source '${desk.join(shell)}'; ${prompt}\n`);
      await terminal.shows(/[\r\n]%> /);
      // A single candidate is inserted, and the command runs.
      await terminal.type("hale vers\t\n");
      await terminal.shows("hale version");
      await terminal.shows(/hale \d+\.\d+\.\d+ \(deno/);
      await terminal.shows(/[\r\n]%> /);
      await terminal.type("hale logs tw\t");
      await terminal.shows("two\\ words");
      await terminal.type("\x15hale init --preset=ri\t");
      await terminal.shows("--preset=rivet-engine");
      await terminal.type("\x15hale -c ha\t");
      await terminal.shows("hale.toml");
      await terminal.type("\x15hale --config=ha\t");
      await terminal.shows("--config=hale.toml");
      await terminal.type("\x15hale start web -- cat ha\t");
      await terminal.shows("cat hale.toml");
      // Several candidates are listed, in zsh with their summaries.
      await terminal.type("\x15hale st\t\t");
      await terminal.shows("start");
      await terminal.shows(shell === "zsh" ? /status +-- Show the state and health/ : "status");
      await terminal.shows("stop");
    },
  );
}

shellTest(
  "hale completions zsh completes from a folder of $fpath",
  ["zsh", "script"],
  async (desk) => {
    Deno.mkdirSync(desk.join("functions"));
    desk.write("functions/_hale", COMPLETION_SCRIPTS.zsh!);
    await using terminal = new InteractiveShell("zsh -f -i", {
      cwd: desk.join("project"),
      env: desk.env,
    });
    const functions = desk.join("functions");
    await terminal.type(
      `fpath=('${functions}' $fpath); autoload -Uz compinit; compinit -u; PS1='%%> '\n`,
    );
    await terminal.shows(/[\r\n]%> /);
    // The first completion loads the function, the second one calls it.
    for (const _ of [1, 2]) {
      await terminal.type("hale vers\t\n");
      await terminal.shows(/hale \d+\.\d+\.\d+ \(deno/);
      await terminal.shows(/[\r\n]%> /);
    }
  },
);

Deno.test("hale completions powershell passes an empty word as a flag", () => {
  // Checks only the text of the script: PowerShell is not available on all test machines.
  const script = COMPLETION_SCRIPTS.powershell!;
  assertStringIncludes(
    script,
    "Register-ArgumentCompleter -Native -CommandName 'hale', 'hale.exe'",
  );
  assertStringIncludes(script, "--new-word");
  for (const kind of [":words", ":files", ":folders", ":command"]) {
    assertStringIncludes(script, `'${kind}'`);
  }
});
