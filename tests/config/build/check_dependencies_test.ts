import { assertEquals } from "@std/assert";
import { findCycles } from "../../../src/config/build/check_dependencies.ts";
import { loadError, loadText } from "../load_text.ts";

function services(dependencies: Record<string, string[]>): string {
  return Object.entries(dependencies).map(([name, others]) =>
    `[services.${name}]\ncommand = "x"\ndepends_on = ${JSON.stringify(others)}\n`
  ).join("");
}

Deno.test("loadConfig() accepts dependencies without a cycle", async () => {
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

Deno.test("loadConfig() suggests a service when a dependency is unknown", async () => {
  const { lines } = await loadError(services({ api: ["engin"], engine: [] }));
  assertEquals(lines, [
    'line 3: services.api.depends_on[0] = "engin": unknown service; did you mean "engine"?',
  ]);
});

Deno.test("loadConfig() refuses a service that depends on itself, or twice on another", async () => {
  const { lines } = await loadError(services({ a: ["a", "b", "b"], b: [] }));
  assertEquals(lines, [
    'line 3: services.a.depends_on[0] = "a": a service cannot depend on itself',
    'line 3: services.a.depends_on[2] = "b": listed twice',
  ]);
});

Deno.test("loadConfig() shows the cycle when services depend on each other", async () => {
  const { lines } = await loadError(services({ x: ["a"], a: ["b"], b: ["c"], c: ["a"] }));
  assertEquals(lines, [
    "line 6: services.a.depends_on: circular dependency: a -> b -> c -> a; " +
    "remove one of these entries",
  ]);
});

Deno.test("findCycles() finds independent cycles", () => {
  const edges = new Map([["a", ["b"]], ["b", ["a"]], ["c", ["d", "a"]], ["d", ["c", "none"]]]);
  assertEquals(findCycles(edges), [["a", "b"], ["c", "d"]]);
});
