import { assertEquals } from "@std/assert";
import type { Color } from "../../../src/cli/output/color.ts";
import { renderMarkdown } from "../../../src/cli/render/markdown.ts";

const plain: Color = (_style, text) => text;
const tag: Color = (style, text) => `<${style}>${text}</>`;

function render(markdown: string, options: { width?: number; color?: Color } = {}): string {
  return renderMarkdown(markdown, { width: 40, color: plain, ...options });
}

Deno.test("renderMarkdown() puts headings at the margin and indents text", () => {
  const markdown = "# Title\n\nFirst.\n\n## Part\n\nSecond.\n\n### Detail\n\nThird.\n";
  assertEquals(
    render(markdown),
    [
      "Title",
      "",
      "    First.",
      "",
      "Part",
      "    Second.",
      "",
      "  Detail",
      "    Third.",
    ].join("\n"),
  );
});

Deno.test("renderMarkdown() wraps paragraphs at the width", () => {
  assertEquals(render("one two\nthree four", { width: 13 }), "    one two\n    three\n    four");
});

Deno.test("renderMarkdown() styles headings, code and emphasis when there are colors", () => {
  assertEquals(render("## A part", { color: tag }), "<bold>A</> <bold>part</>");
  assertEquals(
    render("**one two** *three* `hale up`", { color: tag, width: 200 }),
    "    <bold>one</> <bold>two</> <italic>three</> <cyan>hale</> <cyan>up</>",
  );
  assertEquals(render("```sh\nhale up\n```", { color: tag }), "        <cyan>hale up</>");
});

Deno.test("renderMarkdown() keeps the backticks of inline code when there are no colors", () => {
  assertEquals(render("Run `hale up` **now**."), "    Run `hale up` now.");
});

Deno.test("renderMarkdown() indents code blocks and does not wrap them", () => {
  const code = 'key   = [1, 2]\n\n  indented = "a line that is wider than the page"';
  assertEquals(
    render("Text:\n\n```toml\n" + code + "\n```\n"),
    "    Text:\n\n        key   = [1, 2]\n\n" +
      '          indented = "a line that is wider than the page"',
  );
});

Deno.test("renderMarkdown() shows links as their text, with the address of a web page", () => {
  assertEquals(render("See [health](health.md#http)."), "    See health.");
  assertEquals(
    render("See [Deno](https://deno.com) or <https://x.org>.", { width: 80 }),
    "    See Deno (https://deno.com) or https://x.org.",
  );
});

Deno.test("renderMarkdown() aligns the lines of list items, and nests lists", () => {
  const markdown = "- one two three four five six\n- second\n  - nested `x`\n";
  assertEquals(
    render(markdown, { width: 26 }),
    ["    - one two three four", "      five six", "    - second", "      - nested `x`"].join("\n"),
  );
});

Deno.test("renderMarkdown() numbers ordered lists and separates items with paragraphs", () => {
  assertEquals(render("9. a\n10. b\n"), "     9. a\n    10. b");
  assertEquals(render("1. a\n\n   more\n2. b\n"), "    1. a\n\n       more\n\n    2. b");
});

Deno.test("renderMarkdown() fits tables to the width, with headers in capitals", () => {
  const markdown = "| key | meaning |\n| --- | --- |\n| `a` | one two three four |\n| `b` | x |\n";
  assertEquals(
    render(markdown, { width: 24 }),
    ["    KEY  MEANING", "    `a`  one two three", "         four", "    `b`  x"].join("\n"),
  );
});

Deno.test("renderMarkdown() marks quotations and omits comments", () => {
  assertEquals(
    render("> One.\n>\n> Two.\n\n<!-- hidden -->\n\nText."),
    "    | One.\n    |\n    | Two.\n\n    Text.",
  );
});
