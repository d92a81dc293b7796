import { assert, assertEquals } from "@std/assert";
import { type Evidence, evidenceIn } from "./evidence.ts";
import { EXCEPTIONS } from "./exceptions.ts";
import { type Message, messagesIn, shown } from "./messages.ts";
import { readSources, SOURCES, TESTS } from "./read_sources.ts";
import { unseen } from "./unseen.ts";

/** Every message without a test, as "places: message"; those in a list are left out. */
function withoutTest(
  messages: readonly Message[],
  evidence: readonly Evidence[],
  exceptions: Readonly<Record<string, string>>,
): string[] {
  return unseen(messages, evidence).filter(({ text }) => !(shown(text) in exceptions))
    .map(({ text, places }) => `${places.join(", ")}: ${shown(text)}`);
}

/** Every exception that is none: hale does not have the message, or a test expects it. */
function stale(
  messages: readonly Message[],
  evidence: readonly Evidence[],
  exceptions: Readonly<Record<string, string>>,
): string[] {
  const open = new Set(unseen(messages, evidence).map(({ text }) => shown(text)));
  return Object.keys(exceptions).filter((text) => !open.has(text));
}

const messages = messagesIn(await readSources(SOURCES));
const evidence = evidenceIn(await readSources(TESTS));

Deno.test("every message of hale is in what a test expects", () => {
  assertEquals(withoutTest(messages, evidence, EXCEPTIONS), []);
});

Deno.test("every exception is a message of hale that no test expects, with a reason", () => {
  assertEquals(stale(messages, evidence, EXCEPTIONS), []);
  for (const reason of Object.values(EXCEPTIONS)) assert(reason.split(" ").length >= 2, reason);
  assert(Object.keys(EXCEPTIONS).length <= 20, "the list of exceptions stays short");
});

Deno.test("a new message without a test is found", () => {
  const added = "throw new HaleError('store_io', `The oven of ${name} is too hot. Open it.`);";
  const more = [...messages, ...messagesIn(new Map([["src/oven.ts", `if (x)\n  ${added}\n`]]))];
  const found = withoutTest(more, evidence, EXCEPTIONS);
  assertEquals(found.filter((one) => one.startsWith("src/oven.ts")), [
    "src/oven.ts:2: The oven of {} is too hot. Open it.",
  ]);
});

Deno.test("an exception that a test expects, or that hale does not have, is found", () => {
  const exceptions = { "No problems found.": "of no use", "The oven of {} is cold.": "removed" };
  assertEquals(stale(messages, evidence, exceptions), Object.keys(exceptions));
});

const MESSAGES = messagesIn(
  new Map([["src/a.ts", "f(`${a} did not stop within ${b}`, `${a} did not stop at all: ${c}`);"]]),
);

for (
  const [file, test, expected] of [
    ["tests/a_test.ts", 'assertEquals(x, "web did not stop within 5s");', [1]],
    ["tests/a_test.ts", "assertEquals(x, `${name} did not stop within ${time}`);", [1]],
    ["tests/a_test.ts", "assertMatch(x, /did not stop within \\d+s$/);", [1]],
    ["tests/a_test.ts", 'assertStringIncludes(x, "did not stop at all");', [0]],
    // In both messages, or too little.
    ["tests/a_test.ts", 'assertStringIncludes(x, "web did not stop ");', [0, 1]],
    ["tests/a_test.ts", 'assertStringIncludes(x, "within");', [0, 1]],
    // The name of a test, and an error that a test makes, are no expectation.
    ["tests/a_test.ts", 'Deno.test("it did not stop within 5s", run);', [0, 1]],
    ["tests/a_test.ts", 'unixTest("it did not stop within 5s", run);', [0, 1]],
    ["tests/a_test.ts", 'f(new HaleError("usage", "web did not stop within 5s"));', [0, 1]],
    ["tests/a.md", "# T\n\nWhy.\n\n```console\n$ hale\nweb did not stop within {ANY}\n```\n", [1]],
    ["tests/a.md", "# T\n\nweb did not stop within 5s\n\n```console\n$ hale\n```\n", [0, 1]],
    ["tests/a.md", '# T\n\nWhy.\n\n```console\n$ echo "web did not stop within 5s"\n```\n', [0, 1]],
  ] as const
) {
  Deno.test(`what is left of two messages after ${test}`, () => {
    const left = unseen(MESSAGES, evidenceIn(new Map([[file, test]])));
    assertEquals(left.map((message) => MESSAGES.indexOf(message)), [...expected]);
  });
}

Deno.test("messagesIn() finds texts of several words that hale prints, and nothing else", () => {
  const source = `
    import x from "two words";
    const a = { "a key of it": "a text of it", b: \`\${c} is a text\` + " that goes on" };
    if (d === "compared with it" || d.startsWith("begins with this")) f("short", "oneword");
    new RegExp("a pattern of it");
    switch (e) { case "a case of it": f("text in a case"); }
    f("[A-Z][a-z]{2} +[0-9:]{8}", "BASH_VERSION PPID HISTCMD", "{ read -r line <list; } 2>&1");
    f(\`\${script}\\nwhile read_lines; do\`, "started=$(ps -o lstart= -p 1)", "NAME_A or NAME_B is not set");
  `;
  const found = messagesIn(new Map([["src/a.ts", source], ["src/cli/commands/a/spec.ts", source]]));
  assertEquals(found.map(({ text }) => shown(text)), [
    "a text of it",
    "{} is a text that goes on",
    "text in a case",
    "NAME_A or NAME_B is not set",
  ]);
});
