import { assertEquals } from "@std/assert";
import { findCycles } from "../../../src/config/build/check_dependencies.ts";
import { loadError, loadText } from "../load_text.ts";

function services(dependencies: Record<string, string[]>): string {
  return Object.entries(dependencies).map(([name, others]) =>
    `[services.${name}]\ncommand = "x"\ndepends_on = ${JSON.stringify(others)}\n`
  ).join("");
}

Deno.test("loadConfig() accepts services that wait for each other without a circle", async () => {
  const { services: found } = await loadText(
    services({ a: ["b", "c"], b: ["d"], c: ["d"], d: [] }),
  );
  assertEquals(found.map(({ name, depends_on }) => [name, depends_on]), [
    ["a", ["b", "c"]],
    ["b", ["d"]],
    ["c", ["d"]],
    ["d", []],
  ]);
});

Deno.test("loadConfig() suggests a service when one that is waited for is unknown", async () => {
  const { lines } = await loadError(services({ api: ["engin"], engine: [] }));
  assertEquals(lines, [
    'line 3: services.api.depends_on[0] = "engin": there is no such service; did you mean `engine`?',
  ]);
});

Deno.test("loadConfig() refuses a service that waits for itself, or twice for another", async () => {
  const { lines } = await loadError(services({ a: ["a", "b", "b"], b: [] }));
  assertEquals(lines, [
    'line 3: services.a.depends_on[0] = "a": a service cannot wait for itself',
    'line 3: services.a.depends_on[2] = "b": it is named twice',
  ]);
});

Deno.test("loadConfig() shows the circle when services wait for each other", async () => {
  const { lines } = await loadError(services({ x: ["a"], a: ["b"], b: ["c"], c: ["a"] }));
  assertEquals(lines, [
    "line 6: services.a.depends_on: services wait for each other in a circle: " +
    "a -> b -> c -> a; one of them has to start first",
  ]);
});

Deno.test("findCycles() finds circles that have nothing to do with each other", () => {
  const edges = new Map([["a", ["b"]], ["b", ["a"]], ["c", ["d", "a"]], ["d", ["c", "none"]]]);
  assertEquals(findCycles(edges), [["a", "b"], ["c", "d"]]);
});
