import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { COMMANDS } from "../../../src/cli/registry.ts";
import { readTopic } from "../../../src/cli/manual/read_topic.ts";
import { TOPICS } from "../../../src/cli/manual/topics.ts";
import { renderTopic } from "../../../src/cli/render/topic.ts";
import { displayWidth } from "../../../src/cli/render/width.ts";

const FOLDER = new URL("../../../src/cli/manual/", import.meta.url);

Deno.test("TOPICS lists every Markdown file of the manual once", () => {
  const files = [...Deno.readDirSync(FOLDER)].map(({ name }) => name)
    .filter((name) => name.endsWith(".md"));
  assertEquals(TOPICS.map(({ name }) => `${name}.md`).toSorted(), files.toSorted());
});

for (const topic of TOPICS) {
  Deno.test(`TOPICS loads the file of its name for ${topic.name}`, async () => {
    const { markdown } = await readTopic(topic);
    assertEquals(markdown, await Deno.readTextFile(new URL(`${topic.name}.md`, FOLDER)));
  });

  Deno.test(`readTopic() finds title, summary and topics in ${topic.name}`, async () => {
    const { title, summary, related } = await readTopic(topic);
    // A file without a heading has the name of the topic as its title.
    assertMatch(title, /^[A-Za-z]/);
    assertNotEquals([title, summary], [topic.name, ""]);
    assertMatch(summary, /^[A-Z].*[^.]$/);
    const names = TOPICS.map(({ name }) => name);
    assertEquals(related.filter((name) => !names.includes(name)), []);
  });
}

for (const width of [80, 100]) {
  Deno.test(`renderTopic() wraps text and tables of all topics to ${width} columns`, async () => {
    for (const topic of TOPICS) {
      const text = renderTopic(await readTopic(topic), {
        width,
        color: (_style, text) => text,
        commands: COMMANDS,
      });
      for (const line of text.split("\n")) {
        // Code is indented by eight spaces and not wrapped.
        if (line.startsWith("        ")) continue;
        assertEquals(displayWidth(line) <= width, true, `${topic.name}: ${line}`);
      }
    }
  });
}
