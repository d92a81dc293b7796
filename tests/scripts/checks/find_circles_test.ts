import { assertEquals } from "@std/assert";
import { findCircles } from "../../../scripts/checks/find_circles.ts";

/** Circles of a graph such as "a-b b-a", each as "a b a". */
function circlesOf(graph: string): string[] {
  const imports = graph.split(" ").map((edge) => {
    const [from, to] = edge.split("-");
    return { from: from!, to: to! };
  });
  return findCircles(imports).map((circle) => circle.join(" "));
}

const CASES: readonly (readonly [when: string, graph: string, circles: readonly string[]])[] = [
  ["there are none", "a-b a-c b-d c-d d-e", []],
  ["two files import each other", "a-b b-a", ["a b a"]],
  ["a file imports itself", "a-a", ["a a"]],
  ["one goes through many files, with a way into it", "x-a a-b b-c c-d d-a b-y", ["a b c d a"]],
  ["there are several", "a-b b-a b-c c-d d-c", ["a b a", "c d c"]],
  ["two share a file", "a-b b-a a-c c-a", ["a b a", "a c a"]],
  ["a path leads to it a second time", "a-b b-a c-b", ["a b a"]],
];

for (const [when, graph, circles] of CASES) {
  Deno.test(`findCircles() returns ${circles.length} when ${when}`, () => {
    assertEquals(circlesOf(graph), [...circles]);
  });
}
