import { assert, assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import type { Command } from "../../../src/cli/command.ts";
import { COMMANDS } from "../../../src/cli/registry.ts";
import {
  renderCommandHelp,
  renderOverview,
  renderPrefixHelp,
} from "../../../src/cli/render/help.ts";
import type { Color } from "../../../src/cli/output/color.ts";

const commands: readonly Command[] = COMMANDS;
const plain: Color = (_style, text) => text;

const EXAMPLE: Command = {
  name: "cache prune",
  group: "more",
  summary: "remove what is old",
  description: "Removes executables that no service uses. What is in use stays, however old it is.",
  args: [
    { name: "name", summary: "the program" },
    {
      name: "version",
      summary: "its versions (all when none is named)",
      optional: true,
      repeated: true,
    },
  ],
  rest: { placeholder: "COMMAND", summary: "run afterwards" },
  flags: {
    olderThan: {
      kind: "duration",
      short: "o",
      placeholder: "TIME",
      summary: "only what was not used for so long",
      default: "24h",
    },
    tag: { kind: "string", placeholder: "TAG", summary: "only these", repeated: true },
    all: { kind: "boolean", summary: "everything", conflicts: ["olderThan"] },
  },
  examples: [{ line: "hale cache prune x", does: "Removes old versions of x." }],
  load: () => Promise.reject(new Error("help loads no command")),
};

Deno.test("renderCommandHelp() shows all of a command when it has everything", () => {
  const help = renderCommandHelp(EXAMPLE, { width: 60, color: plain });
  assertEquals(
    help.slice(0, help.indexOf("\n\nFlags of every command")),
    `Usage: hale cache prune [flags] NAME [VERSION...] [-- COMMAND]

Removes executables that no service uses. What is in use
stays, however old it is.

Arguments
  NAME        the program
  VERSION     its versions (all when none is named)
  -- COMMAND  run afterwards

Flags
  -o, --older-than TIME  only what was not used for so long
                         (default: 24h)
      --tag TAG          only these (may be repeated)
      --all              everything (not with --older-than)

Example
  hale cache prune x
      Removes old versions of x.`,
  );
  assertStringIncludes(help, "\n  -c, --config FILE  ");
});

Deno.test("renderCommandHelp() paints headings when there are colours", () => {
  const help = renderCommandHelp(EXAMPLE, {
    width: 80,
    color: (style, text) => `<${style} ${text}>`,
  });
  assertStringIncludes(help, "<bold Arguments>\n");
});

Deno.test("renderOverview() lists every command but the hidden ones", () => {
  const overview = renderOverview(commands, { width: 80, color: plain });
  for (const { name, summary, hidden } of commands) {
    assertEquals(new RegExp(`^  ${name} +${summary}$`, "m").test(overview), !hidden, name);
  }
});

Deno.test("renderPrefixHelp() lists the commands below a word", () => {
  assertEquals(
    renderPrefixHelp([EXAMPLE], { width: 80, color: plain }),
    "Commands\n  cache prune  remove what is old",
  );
});

for (const width of [80, 100]) {
  Deno.test(`help stays within the width when the terminal has ${width} columns`, () => {
    const texts = [
      renderOverview(commands, { width, color: plain }),
      ...commands.map((command) => renderCommandHelp(command, { width, color: plain })),
    ];
    for (const line of texts.join("\n").split("\n")) {
      assert(line.length <= width, line);
      assertFalse(line.endsWith(" "), JSON.stringify(line));
    }
  });
}
