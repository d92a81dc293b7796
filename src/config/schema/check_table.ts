import * as v from "valibot";
import type { KeyPath, Problems } from "./problems.ts";

/** What is left of a table once everything that is wrong with it was reported. */
export interface CheckedTable {
  /** The table without what was refused; it fits the schema. */
  readonly table: Record<string, unknown>;
  /** Whether nothing was refused. */
  readonly whole: boolean;
}

/**
 * Checks a table against a schema and reports all that does not fit. What was refused is left out
 * and the rest looked at again, so that one mistake does not hide another.
 *
 * @param schema The schema, of the kind of {@linkcode table}.
 * @param table The table as it was written.
 * @param options Where in the file it stands, and where to report.
 * @returns The rest.
 */
export function checkTable(
  schema: v.GenericSchema,
  table: Readonly<Record<string, unknown>>,
  options: { path: KeyPath; problems: Problems },
): CheckedTable {
  const rest = structuredClone(table);
  for (let whole = true;; whole = false) {
    const result = v.safeParse(schema, rest);
    if (result.success) return { table: rest, whole };
    // Only once all of a round is reported: a list that is taken out would shift the paths of others.
    for (const issue of result.issues) report(issue, options);
    for (const issue of result.issues) removeAt(rest, pathOf(issue));
  }
}

function report(
  issue: v.BaseIssue<unknown>,
  { path, problems }: { path: KeyPath; problems: Problems },
): void {
  const at = pathOf(issue);
  const key = [...path, ...at];
  // The message of these two is the list of the known words.
  const known = issue.message.split(" ");
  if (issue.type === "strict_object") {
    problems.add(key, "there is no such key", { unknown: { word: String(at.at(-1)), known } });
  } else if (issue.type === "picklist") {
    problems.add(key, `expected ${known.map((word) => `"${word}"`).join(" or ")}`, {
      value: issue.input,
      unknown: { word: String(issue.input), known, otherwise: "" },
    });
  } else {
    // Of a list that is too short there is nothing to show.
    const shown = issue.kind === "schema" || typeof issue.input !== "object";
    problems.add(key, issue.message, { value: shown ? issue.input : undefined });
  }
}

function pathOf(issue: v.BaseIssue<unknown>): (string | number)[] {
  return (issue.path ?? []).map((part) => part.key as string | number);
}

function removeAt(table: Record<string, unknown>, path: readonly (string | number)[]): void {
  const listAt = path.findIndex((part) => typeof part === "number");
  const keys = listAt === -1 ? path : path.slice(0, listAt);
  let parent = table;
  for (const key of keys.slice(0, -1)) {
    const next = parent[key];
    // Already taken out with another part of the same list or table.
    if (next === undefined) return;
    parent = next as Record<string, unknown>;
  }
  delete parent[keys.at(-1)!];
}
