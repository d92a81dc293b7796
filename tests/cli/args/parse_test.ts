import { assert, assertEquals, assertObjectMatch, assertStringIncludes } from "@std/assert";
import type { Command } from "../../../src/cli/command.ts";
import { type CommandRequest, parseCommandLine } from "../../../src/cli/args/parse.ts";
import { HaleError } from "../../../src/errors.ts";

const load = () => Promise.reject(new Error("a parser loads no command"));
const FRAME = {
  group: "more",
  summary: "",
  description: "",
  args: [],
  flags: {},
  examples: [{ line: "", does: "" }],
  load,
} as const;

const TABLE: readonly Command[] = [
  {
    ...FRAME,
    name: "logs",
    readOnly: true,
    args: [{ name: "service", summary: "", repeated: true }],
    flags: {
      lines: { kind: "number", short: "n", placeholder: "N", summary: "", default: "20" },
      follow: { kind: "boolean", short: "f", summary: "" },
      after: { kind: "string", placeholder: "CURSOR", summary: "" },
      idleTimeout: { kind: "duration", placeholder: "TIME", summary: "", default: "1m" },
      limit: { kind: "number", placeholder: "N", summary: "", min: 1 },
      preset: { kind: "string", placeholder: "NAME", summary: "", repeated: true },
      past: { kind: "boolean", summary: "", conflicts: ["follow"] },
    },
  },
  {
    ...FRAME,
    name: "start",
    args: [{ name: "service", summary: "", repeated: true }],
    rest: { placeholder: "COMMAND [ARG...]", summary: "" },
  },
  { ...FRAME, name: "show", args: [{ name: "service", summary: "", optional: true }] },
  { ...FRAME, name: "one", args: [{ name: "service", summary: "" }] },
  { ...FRAME, name: "config check", readOnly: true },
  { ...FRAME, name: "config show", readOnly: true },
  { ...FRAME, name: "secret", hidden: true, readOnly: true },
  { ...FRAME, name: "version" },
  {
    ...FRAME,
    name: "help",
    args: [{ name: "topic", summary: "", optional: true, repeated: true }],
    flags: { command: { kind: "boolean", summary: "" } },
  },
];

async function parse(args: readonly string[]): Promise<CommandRequest> {
  const { request } = await parseCommandLine(args, TABLE);
  if (request instanceof HaleError) throw request;
  return request;
}

/** Returns the message of the usage error. */
async function refusal(args: readonly string[]): Promise<string> {
  const { request } = await parseCommandLine(args, TABLE);
  assert(request instanceof HaleError, `${args.join(" ")} was accepted`);
  assertEquals({ code: request.code, exitStatus: request.exitStatus }, {
    code: "usage",
    exitStatus: 2,
  });
  return request.message;
}

const LOGS = {
  lines: 20,
  follow: false,
  after: null,
  idleTimeout: 60_000,
  limit: null,
  preset: [],
  past: false,
};

const FLAG_CASES: readonly (readonly [args: readonly string[], flags: object])[] = [
  [[], {}],
  [["-n", "50"], { lines: 50 }],
  [["-n50"], { lines: 50 }],
  [["-n=50"], { lines: 50 }],
  [["--lines", "50"], { lines: 50 }],
  [["--lines=50"], { lines: 50 }],
  [["-fn50"], { lines: 50, follow: true }],
  [["-vn50"], { lines: 50 }],
  [["-fvn", "50"], { lines: 50, follow: true }],
  [["--after", ""], { after: "" }],
  [["--after="], { after: "" }],
  [["--after=-x"], { after: "-x" }],
  [["--after=--json"], { after: "--json" }],
  [["--after=a=b"], { after: "a=b" }],
  [["--after", "-1"], { after: "-1" }],
  [["--after", "-"], { after: "-" }],
  [["--after", "007"], { after: "007" }],
  [["--after", "true"], { after: "true" }],
  [["--after", "a\nb"], { after: "a\nb" }],
  [["--idle-timeout", "250ms"], { idleTimeout: 250 }],
  [["--preset", "a", "--preset=b"], { preset: ["a", "b"] }],
  [["-f", "-f"], { follow: true }],
];

for (const [args, flags] of FLAG_CASES) {
  Deno.test(`parseCommandLine() parses flags when given ${JSON.stringify(args)}`, async () => {
    for (const line of [["logs", "engine", ...args], ["logs", ...args, "engine"]]) {
      const request = await parse(line);
      assertEquals(request.flags, { ...LOGS, ...flags });
      assertEquals(request.args, { service: ["engine"] });
    }
  });
}

Deno.test("parseCommandLine() keeps arguments as text when they look like numbers or booleans", async () => {
  const names = ["007", "1e3", "true", "false", "", "-", "null", "a=b"];
  const { args, flags } = await parse(["logs", "-f", ...names]);
  assertEquals(args, { service: names });
  assertEquals(flags, { ...LOGS, follow: true });
});

Deno.test("parseCommandLine() parses global flags when they are before or after the command", async () => {
  const flags = ["-c", "a.toml", "--home=/h", "--json", "-v", "--no-color"];
  const expected = {
    config: "a.toml",
    home: "/h",
    json: true,
    quiet: false,
    verbose: true,
    noColor: true,
  };
  for (const line of [[...flags, "show", "true"], ["show", "true", ...flags]]) {
    const { common, request } = await parseCommandLine(line, TABLE);
    assertEquals(common, expected);
    assert(!(request instanceof HaleError));
    assertEquals(request.args, { service: "true" });
  }
});

Deno.test("parseCommandLine() returns null when an optional argument is absent", async () => {
  assertEquals((await parse(["show"])).args, { service: null });
});

Deno.test("parseCommandLine() passes on the words after -- when the command takes a rest", async () => {
  const rest = ["-x", "--help", "--", "--json", ""];
  const line = await parseCommandLine(["start", "web", "--", ...rest], TABLE);
  assert(!(line.request instanceof HaleError));
  assertEquals(line.request.rest, rest);
  assertEquals(line.request.args, { service: ["web"] });
  assertEquals(line.common.json, false);
});

Deno.test("parseCommandLine() parses arguments after -- when the command takes no rest", async () => {
  assertEquals((await parse(["logs", "a", "--", "-f"])).args, { service: ["a", "-f"] });
});

Deno.test("parseCommandLine() finds a command of two words when flags are between them", async () => {
  assertEquals((await parse(["config", "-v", "check"])).command.name, "config check");
});

Deno.test("parseCommandLine() finds a command when it is hidden", async () => {
  assertEquals((await parse(["secret"])).command.name, "secret");
});

const HELP_CASES: readonly (readonly [args: readonly string[], topic: readonly string[]])[] = [
  [["help", "--command"], []],
  [[], []],
  [["--help"], []],
  [["-h"], []],
  [["-vh"], []],
  [["logs", "--help"], ["logs"]],
  [["-h", "one"], ["one"]],
  [["config", "--help"], ["config"]],
  [["config", "check", "-h"], ["config", "check"]],
  [["help", "config", "check", "--command"], ["config", "check"]],
];

for (const [args, topic] of HELP_CASES) {
  Deno.test(`parseCommandLine() returns help for a command when given ${JSON.stringify(args)}`, async () => {
    const request = await parse(args);
    assertEquals(request.command.name, "help");
    assertEquals([request.args, request.flags], [{ topic }, { command: true }]);
  });
}

Deno.test("parseCommandLine() returns help for a topic when given the command help", async () => {
  const { command, args, flags } = await parse(["help", "logs"]);
  assertEquals([command.name, args, flags], ["help", { topic: ["logs"] }, { command: false }]);
});

Deno.test("parseCommandLine() returns the version when given --version alone", async () => {
  assertEquals((await parse(["--version", "--json"])).command.name, "version");
});

const REFUSALS: readonly (readonly [args: readonly string[], message: string])[] = [
  [["start", "web", "--", "a\ufffd"], 'Argument 4, "a\ufffd", is not UTF-8.'],
  [["lgos"], 'hale has no command "lgos". Did you mean logs? See "hale --help".'],
  [["qqqqqq"], 'hale has no command "qqqqqq". See "hale --help".'],
  [["secre"], 'hale has no command "secre". See "hale --help".'],
  // Only commands that change nothing are suggested.
  [["strat"], 'hale has no command "strat". See "hale --help".'],
  [["config"], '"hale config" needs a subcommand: check, show. See "hale --help".'],
  [
    ["config", "chek"],
    'hale has no command "config chek". Did you mean config check? See "hale --help".',
  ],
  [
    ["logs", "a", "--folow"],
    '"hale logs" has no flag --folow. Did you mean --follow? See "hale logs --help".',
  ],
  [
    ["logs", "a", "--idletimeout=1s"],
    '"hale logs" has no flag --idletimeout. Did you mean --idle-timeout? See "hale logs --help".',
  ],
  [["logs", "a", "-fx"], '"hale logs" has no flag -x. See "hale logs --help".'],
  [["logs", "-5", "a"], '"hale logs" has no flag -5. See "hale logs --help".'],
  [["logs", "a", "--version"], '"hale logs" has no flag --version. See "hale logs --help".'],
  [["logs", "a", "--__proto__=x"], '"hale logs" has no flag --__proto__. See "hale logs --help".'],
  [["--follow", "logs"], '--follow is a flag of "hale logs": write it after the command.'],
  [["-n", "5", "logs"], '-n is a flag of "hale logs": write it after the command.'],
  [["logs", "a", "-n"], '-n needs a value: -n N. See "hale logs --help".'],
  [
    ["logs", "a", "--lines", "--json"],
    "--lines needs a value: --lines N. If the value begins with a dash, write --lines=--json.",
  ],
  [["logs", "a", "--lines", "--", "5"], "--lines needs a value: --lines N."],
  [["logs", "a", "--follow=yes"], '--follow takes no value, but "yes" was given.'],
  [["logs", "a", "-f=1"], '-f takes no value, but "1" was given.'],
  [["logs", "a", "--json="], '--json takes no value, but "" was given.'],
  [["logs", "a", "--no-color=true"], '--no-color takes no value, but "true" was given.'],
  [["logs", "a", "-n5x"], '--lines must be a whole number, 0 or more; got "5x".'],
  [["logs", "a", "-n", "-1"], '--lines must be a whole number, 0 or more; got "-1".'],
  [["logs", "a", "-n="], '--lines must be a whole number, 0 or more; got "".'],
  [["logs", "a", "-n", "1e3"], '--lines must be a whole number, 0 or more; got "1e3".'],
  [["logs", "a", "-n", "9007199254740993"], 'got "9007199254740993".'],
  [["logs", "a", "--limit", "0"], '--limit must be a whole number, 1 or more; got "0".'],
  [["logs", "a", "--idle-timeout", "5"], 'such as "5s"; got "5".'],
  [["logs", "a", "--idle-timeout="], 'such as "5s"; got "".'],
  [
    ["logs", "a", "--after", "x", "--after=y"],
    '--after is given more than once: "x" and "y". Keep one.',
  ],
  [["logs", "a", "-c", "x", "-c", "x"], '--config is given more than once: "x" and "x".'],
  [["logs", "a", "--past", "--follow"], "--past and --follow cannot be combined. Keep one."],
  [["logs", "a", "-qv"], "--verbose and --quiet cannot be combined. Keep one."],
  [["logs", "a", "--config="], "--config is empty: it needs a path."],
  [["logs"], '"hale logs" needs SERVICE. See "hale logs --help".'],
  [["one", "a", "b"], '"hale one" takes only SERVICE; remove "b". See "hale one --help".'],
  [["config", "check", "a"], '"hale config check" takes no arguments; remove "a".'],
  [["start", "web", "--"], '"hale start" needs COMMAND [ARG...] after --.'],
];

for (const [args, message] of REFUSALS) {
  Deno.test(`parseCommandLine() refuses when given ${JSON.stringify(args)}`, async () => {
    assertStringIncludes(await refusal(args), message);
  });
}

Deno.test("parseCommandLine() lets a command use the long name of a global flag, which keeps its short name", async () => {
  const taking: Command = {
    ...FRAME,
    name: "history",
    flags: { showConfig: { kind: "boolean", long: "config", summary: "" } },
  };
  const read = async (...args: string[]) => {
    const { common, request } = await parseCommandLine(args, [...TABLE, taking]);
    assert(!(request instanceof HaleError), String(request));
    return [request.flags.showConfig, common.config];
  };
  assertEquals(await read("history", "--config"), [true, null]);
  assertEquals(await read("history", "-c", "x.toml"), [false, "x.toml"]);
  assertEquals(await read("history", "--config", "-c", "x.toml"), [true, "x.toml"]);
  assertEquals(await read("--config", "x.toml", "history"), [false, "x.toml"]);
});

Deno.test("parseCommandLine() returns the global flags when the command line is wrong", async () => {
  const { common } = await parseCommandLine(["lgos", "-v", "--json", "--no-color"], TABLE);
  assertObjectMatch(common, { json: true, verbose: true, noColor: true });
});
