import { assertEquals } from "@std/assert";
import { page } from "../../../src/cli/output/pager.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";

interface Screen {
  readonly isTerminal?: boolean;
  readonly rows?: number;
  readonly pager?: string;
}

/** Pages a text of three lines. Returns what was written to standard output. */
async function written({ isTerminal = true, rows = 3, pager }: Screen): Promise<string> {
  let text = "";
  await page("one\ntwo\nthree", {
    stdout: { isTerminal, rows, write: (part) => void (text += part) },
    env: { get: (name) => name === "PAGER" ? pager : undefined },
  });
  return text;
}

/** A program that writes its input to a file. */
const COPY = "cp /dev/stdin";
const ignore = Deno.build.os === "windows";

Deno.test(
  "page() runs the pager when a terminal is too small for the text",
  { ignore },
  async () => {
    using folder = new TempFolder();
    const file = folder.join("shown");
    assertEquals(await written({ pager: `${COPY} ${file}` }), "");
    assertEquals(Deno.readTextFileSync(file), "one\ntwo\nthree\n");
  },
);

const UNPAGED: readonly (readonly [when: string, screen: Screen])[] = [
  ["standard output is not a terminal", { isTerminal: false }],
  ["the text and the prompt fit on the screen", { rows: 4 }],
];

for (const [when, screen] of UNPAGED) {
  Deno.test(`page() writes the text when ${when}`, async () => {
    using folder = new TempFolder();
    const file = folder.join("shown");
    assertEquals(await written({ ...screen, pager: `${COPY} ${file}` }), "one\ntwo\nthree\n");
    assertEquals([...Deno.readDirSync(folder.path)], []);
  });
}

Deno.test("page() writes the text when PAGER is empty or names no program", async () => {
  for (const pager of ["", "no-such-pager -x"]) {
    assertEquals(await written({ pager }), "one\ntwo\nthree\n", pager);
  }
});

Deno.test("page() returns when the pager ends without reading its input", { ignore }, async () => {
  const text = "a line\n".repeat(100_000);
  let shown = "";
  await page(text, {
    stdout: { isTerminal: true, rows: 10, write: (part) => void (shown += part) },
    env: { get: () => "true" },
  });
  assertEquals(shown, "");
});
