import type { Problems } from "../schema/problems.ts";
import { dependencyKeys, isJob } from "./dependencies.ts";
import type { ServiceDraft } from "./service_draft.ts";

/**
 * Reports dependencies that are unknown, duplicate or circular.
 *
 * @param drafts All services that could be read.
 * @param options `names`: all names in the file, including services that could not be read.
 * `problems`: where to report.
 */
export function checkDependencies(
  drafts: readonly ServiceDraft[],
  { names, problems }: { names: readonly string[]; problems: Problems },
): void {
  const dependencies = new Map<string, readonly string[]>();
  for (const { name, path, table } of drafts) {
    const seen = new Set<string>();
    for (const { name: other, key, value } of dependencyKeys({ path, table })) {
      if (other === name) {
        problems.add(key, "a service cannot depend on itself", { value });
      } else if (seen.has(other)) {
        problems.add(key, "listed twice", { value });
      } else if (!names.includes(other)) {
        const known = names.filter((known) => known !== name);
        const unknown = { word: other, known, format: JSON.stringify };
        problems.add(key, "unknown service", { value, unknown });
      }
      seen.add(other);
      checkCondition(table.depends_on, { key, other: drafts.find((one) => one.name === other) });
    }
    seen.delete(name);
    dependencies.set(name, [...seen]);
  }
  function checkCondition(
    depends_on: ServiceDraft["table"]["depends_on"],
    { key, other }: { key: readonly (string | number)[]; other: ServiceDraft | undefined },
  ): void {
    if (other === undefined || typeof depends_on !== "object" || Array.isArray(depends_on)) return;
    const condition = depends_on[other.name];
    if (condition !== "completed" || isJob(other)) return;
    problems.add(
      key,
      `${other.name} is not a job, so it never completes; make it one with restart = "never", or wait ` +
        'for "healthy" or "started"',
      { value: condition },
    );
  }

  for (const cycle of findCycles(dependencies)) {
    problems.add(
      ["services", cycle[0]!, "depends_on"],
      `circular dependency: ${[...cycle, cycle[0]].join(" -> ")}; remove one of these entries`,
    );
  }
}

/**
 * Finds the cycles of a graph, each once.
 *
 * @param edges The successors of each node.
 * @returns The nodes of each cycle in order, starting with the one that is first in `edges`.
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
