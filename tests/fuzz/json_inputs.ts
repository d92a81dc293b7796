import fc from "fast-check";
import type { Input } from "./fuzz_target.ts";

const VALUES = [
  ...[null, true, 0, -1, 1.5, 2 ** 53, 1e300, "", "running", "stopped", "\ud800", "__proto__"],
  ...[[], {}, [null], { kind: "command" }, { kind: "http" }, [[1, 2]], ["a"], "x".repeat(3000)],
];

interface Change {
  readonly at: number;
  readonly to: unknown;
  readonly kind: "replace" | "remove" | "add";
}

/**
 * Makes JSON documents in which some values are replaced, missing or added.
 *
 * @param documents What is changed.
 */
export function jsonInputs(documents: readonly unknown[]): fc.Arbitrary<Input> {
  const change: fc.Arbitrary<Change> = fc.record({
    at: fc.nat(),
    to: fc.oneof(
      fc.constantFrom<unknown>(...VALUES),
      fc.jsonValue(),
      fc.constantFrom(...documents),
    ),
    kind: fc.constantFrom("replace", "replace", "remove", "add"),
  });
  return fc.tuple(fc.constantFrom(...documents), fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([document, changes]) => {
      const root = { root: structuredClone(document) };
      for (const one of changes) apply(root, one);
      return new TextEncoder().encode(JSON.stringify(root.root));
    });
}

type Container = Record<string, unknown>;

function apply(root: Container, { at, to, kind }: Change): void {
  const places = placesIn(root);
  const [container, key] = places[at % places.length]!;
  const value = structuredClone(to);
  if (kind === "add") container[`${key}2`] = value;
  else if (kind === "replace" || container === root) container[key] = value;
  else delete container[key];
}

function placesIn(value: unknown): [Container, string][] {
  if (typeof value !== "object" || value === null) return [];
  const container = value as Container;
  return Object.keys(container).flatMap((key): [Container, string][] => [
    [container, key],
    ...placesIn(container[key]),
  ]);
}
