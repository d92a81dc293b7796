import { assertEquals, assertObjectMatch, assertThrows } from "@std/assert";
import { parseTranscript } from "./parse_transcript.ts";

const SOURCE = `# hale prints

It has to.

\`\`\`toml hale.toml
[services.web]
\`\`\`

\`\`\`console
$ hale up <<END
> text
> END
web | running

$ hale stop web
[exit 2]
? hale status
...
$ hale logs -f &
\`\`\`
`;

Deno.test("parseTranscript() reads title, files and steps", () => {
  const { title, parts } = parseTranscript("a.md", SOURCE);
  assertEquals(title, "hale prints");
  const [file, up, stop, status, logs] = parts;
  assertEquals(file, { kind: "file", line: 6, path: "hale.toml", text: "[services.web]\n" });
  assertObjectMatch(up!, {
    line: 10,
    command: "hale up <<END\ntext\nEND",
    expected: ["web | running"],
    code: 0,
    range: [12, 14],
  });
  assertObjectMatch(stop!, { expected: [], code: 2 });
  assertObjectMatch(status!, { isRetried: true, isJob: false, expected: ["..."] });
  assertObjectMatch(logs!, { command: "hale logs -f", isJob: true });
});

for (
  const [source, message] of [
    ["no title\n", "a.md:1: A transcript begins with its title"],
    ["# title\n\n```console\n$ true\n```\n", "a.md:2: Below the title, a sentence"],
    ["# title\n\nWhy.\n\n```console\n$ true\n", "a.md:5: This block has no end."],
    ["# title\n\nWhy.\n\n```toml\n```\n", "a.md:5: A block is `console`, or a language and"],
    ["# title\n\nWhy.\n\n```console\noutput\n```\n", "a.md:6: A step begins with `$ `"],
    ["# title\n\nWhy.\n\n```console\n$ sleep 1\n```\n", "a.md:6: Wait for a condition"],
    ["# title\n\nWhy.\n", "a.md:1: It runs no command."],
  ] as const
) {
  Deno.test(`parseTranscript() throws "${message}"`, () => {
    assertThrows(() => parseTranscript("a.md", source), Error, message);
  });
}
