import { assertEquals } from "@std/assert";
import { readTopic } from "../../../src/cli/manual/read_topic.ts";

function read(markdown: string) {
  return readTopic({ name: "web", load: () => Promise.resolve({ default: markdown }) });
}

Deno.test("readTopic() returns title and first paragraph when it has several lines", async () => {
  const { title, summary } = await read("# Web servers\n\nFirst line,\nsecond line.\n\nMore.\n");
  assertEquals([title, summary], ["Web servers", "First line, second line"]);
});

Deno.test("readTopic() returns linked topics once, without itself and other links", async () => {
  const links = "[a](logs.md) [b](logs.md#reading) [c](web.md) [d](https://x.example/y.md)";
  assertEquals((await read(`# Web\n\nText.\n\n${links}\n`)).related, ["logs"]);
});

Deno.test("readTopic() returns its name as the title when there is no heading", async () => {
  const { title, summary } = await read("Text.\n");
  assertEquals([title, summary], ["web", ""]);
});
