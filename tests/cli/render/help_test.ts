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
  summary: "Remove what is old",
  description: "Removes executables that no service uses. What is in use stays, however old it is.",
  args: [
    { name: "name", summary: "Name of the program" },
    {
      name: "version",
      summary: "Its versions (default: all)",
      optional: true,
      repeated: true,
    },
  ],
  rest: { placeholder: "COMMAND", summary: "Command to run afterwards" },
  flags: {
    olderThan: {
      kind: "duration",
      short: "o",
      placeholder: "TIME",
      summary: "Remove what was not used for TIME",
      default: "24h",
    },
    tag: { kind: "string", placeholder: "TAG", summary: "Remove only this tag", repeated: true },
    all: { kind: "boolean", summary: "Remove everything", conflicts: ["olderThan"] },
  },
  examples: [{ line: "hale cache prune x", does: "Remove old versions of x." }],
  load: () => Promise.reject(new Error("help loads no command")),
};

Deno.test("renderCommandHelp() shows every part of a command", () => {
  assertEquals(
    renderCommandHelp(EXAMPLE, { width: 60, color: plain, hasTopic: true }),
    `Removes executables that no service uses. What is in use
stays, however old it is.

Usage: hale cache prune [flags] NAME [VERSION...] [-- COMMAND]

Arguments
  NAME        Name of the program
  VERSION     Its versions (default: all)
  -- COMMAND  Command to run afterwards

Flags
  -o, --older-than TIME  Remove what was not used for TIME
                         (default: 24h)
      --tag TAG          Remove only this tag (repeatable)
      --all              Remove everything (not with
                         --older-than)

Global flags
  -c, --config FILE  Configuration file (default: hale.toml
                     in this folder or the nearest one
                     above)
      --home DIR     Folder for state, logs and cache
                     (default: $HALE_HOME, or ~/.hale)
      --json         Print results as JSON on standard
                     output
  -q, --quiet        Print only results, warnings and errors
  -v, --verbose      Print more messages (not with --quiet)
      --no-color     Disable colors (also: NO_COLOR=1)
  -h, --help         Show help

Example
  hale cache prune x
      Remove old versions of x.

Manual: \`hale help cache\``,
  );
});

Deno.test("renderCommandHelp() styles headings when there are colors", () => {
  const help = renderCommandHelp(EXAMPLE, {
    width: 80,
    color: (style, text) => `<${style} ${text}>`,
  });
  assertStringIncludes(help, "<bold Arguments>\n");
});

Deno.test("renderOverview() lists every command but the hidden ones", () => {
  const overview = renderOverview(commands, { width: 80, color: plain, topics: [] });
  for (const { name, summary, hidden } of commands) {
    assertEquals(new RegExp(`^  ${name} +${summary}$`, "m").test(overview), !hidden, name);
  }
});

Deno.test("renderOverview() lists names of topics, or rows when they have summaries", () => {
  const topics = [{ name: "health", summary: "How" }, { name: "logs", summary: "Where" }];
  const options = { width: 80, color: plain };
  assertStringIncludes(
    renderOverview(commands, { ...options, topics }),
    "\nTopics\n  health  How\n  logs    Where\n",
  );
  const names = topics.map(({ name }) => ({ name }));
  assertStringIncludes(
    renderOverview(commands, { ...options, topics: names }),
    "\nTopics\n  health, logs\n",
  );
});

Deno.test("renderPrefixHelp() lists the commands that begin with a word", () => {
  assertEquals(
    renderPrefixHelp("cache", { width: 80, color: plain, subcommands: [EXAMPLE] }),
    "Usage: hale cache COMMAND [flags] [arguments]\n\n" +
      "Commands\n  cache prune  Remove what is old",
  );
});

for (const width of [80, 100]) {
  Deno.test(`help stays within the width when the terminal has ${width} columns`, () => {
    const texts = [
      renderOverview(commands, { width, color: plain, topics: [{ name: "a", summary: "b" }] }),
      ...commands.map((command) => renderCommandHelp(command, { width, color: plain })),
    ];
    for (const line of texts.join("\n").split("\n")) {
      assert(line.length <= width, line);
      assertFalse(line.endsWith(" "), JSON.stringify(line));
    }
  });
}
