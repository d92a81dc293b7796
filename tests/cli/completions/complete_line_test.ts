import { assert, assertEquals, assertFalse } from "@std/assert";
import { type Command, COMMON_FLAGS, flagName, type FlagSpec } from "../../../src/cli/command.ts";
import { COMMANDS } from "../../../src/cli/registry.ts";
import { completeLine, type Fitting } from "../../../src/cli/completions/complete_line.ts";

const commands: readonly Command[] = COMMANDS;

/** Completes the last word of a line; after a space it is a new word. */
function fitting(line: string): Fitting {
  return completeLine(line.split(" "), commands).fitting;
}

function words(line: string): readonly string[] {
  const fits = fitting(line);
  assertEquals(fits.kind, "words");
  return fits.kind === "words" ? fits.candidates.map(({ word }) => word) : [];
}

Deno.test("completeLine() offers every command that is not hidden when none is named", () => {
  const offered = words("");
  for (const { name, hidden } of commands) {
    assertEquals(offered.includes(name.split(" ")[0]!), hidden !== true, name);
  }
  assertEquals(new Set(offered).size, offered.length);
});

Deno.test("completeLine() offers the second word when a command has two", () => {
  assertEquals(words("config "), ["check"]);
});

Deno.test("completeLine() offers nothing when the command is not known", () => {
  assertEquals(words("upp "), []);
});

for (const { name, flags } of commands) {
  Deno.test(`completeLine() offers the flags of ${name} when a dash is typed`, () => {
    const offered = words(`${name} -`);
    assertEquals(
      offered.filter((word) => word !== "--").length,
      new Set(
        Object.entries<FlagSpec>({ ...flags, ...COMMON_FLAGS }).map(([key, spec]) =>
          flagName(key, spec)
        ),
      ).size,
      offered.join(" "),
    );
  });
}

Deno.test("completeLine() leaves out flags that are given or excluded", () => {
  const offered = words("status --check -q --");
  for (const excluded of ["--check", "--watch", "--quiet", "--verbose"]) {
    assertFalse(offered.includes(excluded), excluded);
  }
  assert(offered.includes("--json"));
  assert(words("init --preset rivet-engine --").includes("--preset"), "it is repeatable");
});

Deno.test("completeLine() offers -- when a command takes another command", () => {
  assert(words("start web --").includes("--"));
  assertEquals(fitting("start web -- "), { kind: "command" });
  assertEquals(fitting("start web -- node ser"), { kind: "command" });
  assertEquals(fitting("stop -- "), { kind: "words", candidates: [] });
});

Deno.test("completeLine() offers services that the line does not contain when an argument is one", () => {
  assertEquals(fitting("logs engine "), {
    kind: "names",
    of: "service",
    prefix: "",
    taken: ["engine"],
  });
  assertEquals(fitting("history engine "), { kind: "words", candidates: [] });
});

Deno.test("completeLine() offers values when a flag needs one", () => {
  assertEquals(fitting("up -c "), { kind: "files" });
  assertEquals(fitting("up --config "), { kind: "files" });
  assertEquals(fitting("up --config=ha"), { kind: "files" });
  assertEquals(fitting("--home "), { kind: "folders" });
  assertEquals(fitting("up -qc "), { kind: "files" });
  assertEquals(fitting("up -cx "), { kind: "names", of: "service", prefix: "", taken: [] });
  assertEquals(fitting("up --timeout "), { kind: "words", candidates: [] });
  assertEquals(fitting("up --foreground=x"), { kind: "words", candidates: [] });
  assertEquals(fitting("init --preset "), { kind: "names", of: "preset", prefix: "", taken: [] });
  assertEquals(fitting("init --preset=r"), {
    kind: "names",
    of: "preset",
    prefix: "--preset=",
    taken: [],
  });
});

Deno.test("completeLine() offers commands and topics, each once, as arguments of help", () => {
  const offered = words("help ");
  for (const name of ["up", "health"]) assert(offered.includes(name), name);
  assertEquals(offered.length, new Set(offered).size);
  assertEquals(words("help config "), ["check"]);
});

Deno.test("completeLine() returns the configuration and home of the line", () => {
  const { config, home } = completeLine(
    ["-c", "a/hale.toml", "--home=/h", "logs", ""],
    commands,
  );
  assertEquals({ config, home }, { config: "a/hale.toml", home: "/h" });
  assertEquals(completeLine(["logs", ""], commands).config, null);
});
