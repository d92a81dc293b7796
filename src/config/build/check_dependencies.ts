import type { Problems } from "../schema/problems.ts";
import type { ServiceDraft } from "./service_draft.ts";

/**
 * Reports services that wait for nobody, for themselves, or for each other in a circle.
 *
 * @param drafts All services that could be read.
 * @param options Every name in the file, readable or not, and where to report.
 */
export function checkDependencies(
  drafts: readonly ServiceDraft[],
  { names, problems }: { names: readonly string[]; problems: Problems },
): void {
  const waitsFor = new Map<string, readonly string[]>();
  for (const { name, path, table } of drafts) {
    table.depends_on.forEach((other, index) => {
      const key = [...path, "depends_on", index];
      if (other === name) {
        problems.add(key, "a service cannot wait for itself", { value: other });
      } else if (table.depends_on.indexOf(other) !== index) {
        problems.add(key, "it is named twice", { value: other });
      } else if (!names.includes(other)) {
        const unknown = { word: other, known: names.filter((known) => known !== name) };
        problems.add(key, "there is no such service", { value: other, unknown });
      }
    });
    waitsFor.set(name, table.depends_on.filter((other) => other !== name));
  }
  for (const cycle of findCycles(waitsFor)) {
    problems.add(
      ["services", cycle[0]!, "depends_on"],
      `services wait for each other in a circle: ${[...cycle, cycle[0]].join(" -> ")}; ` +
        "one of them has to start first",
    );
  }
}

/**
 * Circles in a graph, each found once.
 *
 * @param edges Where one gets from each node.
 * @returns The nodes of each circle in its order, beginning with the one named first in `edges`.
 */
export function findCycles(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();

  function visit(node: string, trail: readonly string[]): void {
    const start = trail.indexOf(node);
    if (start !== -1) {
      cycles.push(trail.slice(start));
      return;
    }
    if (done.has(node)) return;
    for (const next of edges.get(node) ?? []) visit(next, [...trail, node]);
    done.add(node);
  }

  for (const node of edges.keys()) visit(node, []);
  return cycles;
}
