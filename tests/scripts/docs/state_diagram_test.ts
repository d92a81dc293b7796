import { assertEquals, assertStringIncludes } from "@std/assert";
import { stateDiagram, withDiagram } from "../../../scripts/docs/state_diagram.ts";
import { TRANSITIONS } from "../../../src/supervise/service/transition.ts";

Deno.test("stateDiagram() has every transition of the table", () => {
  const diagram = stateDiagram();
  for (const [from, events] of Object.entries(TRANSITIONS)) {
    for (const [event, { to }] of Object.entries(events)) {
      const line = diagram.split("\n").find((it) => it.includes(`${from} --> ${to} :`))!;
      assertStringIncludes(line, event);
    }
  }
});

Deno.test("architecture.md contains the current diagram", async () => {
  const page = new URL("../../../src/cli/manual/architecture.md", import.meta.url);
  const text = await Deno.readTextFile(page);
  assertEquals(withDiagram(text), text);
});
