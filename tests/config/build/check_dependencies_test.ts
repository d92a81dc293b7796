import { assertEquals, assertStringIncludes } from "@std/assert";
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
  const names = found.map(({ name, depends_on }) =>
    [name, depends_on.map(({ service }) => service)] as const
  );
  assertEquals(names, [
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

Deno.test("loadConfig() checks the services of a dependency that is a word or in a table", async () => {
  const { lines } = await loadError(`[services.a]
command = "x"
depends_on = "a"
[services.b]
command = "x"
depends_on = "engin"
[services.c]
command = "x"
depends_on = { c = "started", engin = "healthy" }
[services.engine]
command = "x"
`);
  assertEquals(lines, [
    'line 3: services.a.depends_on = "a": a service cannot depend on itself',
    'line 6: services.b.depends_on = "engin": unknown service; did you mean "engine"?',
    "line 9: services.c.depends_on.c: a service cannot depend on itself",
    'line 9: services.c.depends_on.engin: unknown service; did you mean "engine"?',
  ]);
});

Deno.test("loadConfig() shows the cycle of dependencies in every form", async () => {
  const { lines } = await loadError(`[services.a]
command = "x"
depends_on = "b"
[services.b]
command = "x"
depends_on = { c = "started" }
[services.c]
command = "x"
depends_on = ["a"]
`);
  assertEquals(lines, [
    "line 3: services.a.depends_on: circular dependency: a -> b -> c -> a; " +
    "remove one of these entries",
  ]);
});

Deno.test("loadConfig() refuses the condition completed of a service that is not a job", async () => {
  // Only a job can complete: its dependent would wait forever.
  for (const restart of ["always", "on-failure"]) {
    const { lines } = await loadError(`[services.api]
command = "x"
depends_on = { db = "completed" }
[services.db]
command = "x"
restart = "${restart}"
`);
    assertEquals(lines.length, 1);
    assertStringIncludes(lines[0]!, 'line 3: services.api.depends_on.db = "completed": ');
    assertStringIncludes(lines[0]!, 'restart = "never"');
  }
  const { lines } = await loadError(`[services.api]
command = "x"
depends_on = { db = "completed" }
[services.db]
health = { tcp = "127.0.0.1:5432" }
`);
  assertEquals(lines.length, 1);
  assertStringIncludes(lines[0]!, 'line 3: services.api.depends_on.db = "completed": ');
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
