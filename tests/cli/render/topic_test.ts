import { assertEquals } from "@std/assert";
import { COMMANDS } from "../../../src/cli/registry.ts";
import { renderTopic } from "../../../src/cli/render/topic.ts";

function render(name: string, related: readonly string[]): string {
  return renderTopic(
    { name, title: "T", summary: "S", related, markdown: "# T\n\nText.\n" },
    { width: 80, color: (_style, text) => text, commands: COMMANDS },
  );
}

Deno.test("renderTopic() refers to the command of the same name and to related topics", () => {
  assertEquals(
    render("logs", ["health", "config"]),
    "T\n\n    Text.\n\nSee also\n    Flags and arguments: hale logs --help\n" +
      "    Topics (hale help TOPIC): health, config",
  );
});

Deno.test("renderTopic() refers to a command of two words", () => {
  assertEquals(
    render("config", []).split("\n").at(-1),
    "    Flags and arguments: hale config --help",
  );
});

Deno.test("renderTopic() ends with the text when there is nothing to refer to", () => {
  assertEquals(render("glossary", []), "T\n\n    Text.");
});
