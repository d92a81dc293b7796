import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  dependenciesFirst,
  dependentsOf,
  stoppedBefore,
} from "../../src/supervise/dependency_order.ts";
import { serviceSpec } from "../fixtures/service_spec.ts";

function sorted(items: Readonly<Record<string, readonly string[]>>): readonly string[] {
  const specs = Object.entries(items).map(([name, depends_on]) => ({
    spec: serviceSpec(name, { depends_on }),
  }));
  return dependenciesFirst(specs).map(({ spec }) => spec.name);
}

Deno.test("dependenciesFirst() moves dependencies before their dependents, and keeps the rest", () => {
  assertEquals(sorted({ web: ["api"], api: ["db", "engine"], db: [], other: [], engine: [] }), [
    "db",
    "engine",
    "api",
    "web",
    "other",
  ]);
});

Deno.test("dependenciesFirst() ignores dependencies that are not in the list", () => {
  assertEquals(sorted({ b: ["a", "z"], a: ["z"] }), ["a", "b"]);
});

Deno.test("dependenciesFirst() returns every service once, after its dependencies", () => {
  const graphs = fc.array(fc.array(fc.nat(9), { maxLength: 4 }), { maxLength: 10 });
  fc.assert(fc.property(graphs, (graph) => {
    // Services depend only on lower numbers, so there are no cycles. Reversed, so they need sorting.
    const entries = graph.map((needed, index) =>
      [`s${index}`, needed.filter((it) => it < index).map((it) => `s${it}`)] as const
    ).reverse();
    const items = Object.fromEntries(entries);
    const order = sorted(items);
    assertEquals([...order].sort(), Object.keys(items).sort());
    for (const [name, needed] of entries) {
      for (const it of needed) assert(order.indexOf(it) < order.indexOf(name));
    }
  }));
});

Deno.test("dependentsOf() finds the dependents of a service, also through others", () => {
  const services = [
    { spec: serviceSpec("web", { depends_on: ["api"] }) },
    { spec: serviceSpec("api", { depends_on: ["db"] }) },
    { spec: serviceSpec("job", { depends_on: ["web", "db"] }) },
  ];
  const names = (name: string) => dependentsOf(name, services).map(({ spec }) => spec.name);
  assertEquals([...names("db")].sort(), ["api", "job", "web"]);
  assertEquals([...names("api")].sort(), ["job", "web"]);
  assertEquals(names("job"), []);
});

Deno.test("dependenciesFirst() and stoppedBefore() give the services of a circle no order", () => {
  const items = { a: ["b"], b: ["a"], web: ["a"], db: [], self: ["self"] };
  assertEquals([...sorted(items)].sort(), ["a", "b", "db", "self", "web"]);
  assert(sorted(items).indexOf("web") > sorted(items).indexOf("a"));
  const specs = Object.entries(items).map(([name, depends_on]) => ({
    spec: serviceSpec(name, { depends_on }),
  }));
  const before = (name: string) => stoppedBefore(name, specs).map(({ spec }) => spec.name);
  // Each would wait for the other when both are stopped.
  for (const name of ["a", "b"]) assertEquals(before(name), ["web"]);
  assertEquals(before("self"), []);
  assertEquals(dependentsOf("a", specs).map(({ spec }) => spec.name), ["b", "a", "web"]);
});
