import * as v from "valibot";
import { KEYS_OF_OTHER_TOOLS } from "./keys_of_other_tools.ts";
import type { KeyPath, Problems } from "./problems.ts";

/** The valid part of a table. */
export interface CheckedTable {
  /** The table without its invalid values; it fits the schema. */
  readonly table: Record<string, unknown>;
  /** Whether every value was valid. */
  readonly whole: boolean;
}

/**
 * Checks a table against a schema and reports every value that does not fit. Invalid values are
 * removed and the rest is checked again, so that one mistake does not hide another.
 *
 * @param schema The schema, made by {@linkcode table}.
 * @param table The table as it is written in the file.
 * @param options `path`: the key of the table. `problems`: where to report.
 * @returns The valid part.
 */
export function checkTable(
  schema: v.GenericSchema,
  table: Readonly<Record<string, unknown>>,
  options: { path: KeyPath; problems: Problems },
): CheckedTable {
  let rest = table;
  for (let whole = true;; whole = false) {
    const result = v.safeParse(schema, rest);
    if (result.success) return { table: rest, whole };
    if (whole) rest = structuredClone(table);
    // Remove only after all issues of a round are reported: removal from a list shifts other paths.
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
  // The message of these two types is the list of the known words.
  const known = issue.message.split(" ");
  if (issue.type === "strict_object") {
    const word = String(at.at(-1));
    const isServiceKey = path[0] === "services" && key.length === 3;
    const meant = isServiceKey ? KEYS_OF_OTHER_TOOLS.get(word) : undefined;
    if (meant === undefined) problems.add(key, "unknown key", { unknown: { word, known } });
    else problems.add(key, `unknown key; did you mean \`${meant}\`?`);
  } else if (issue.type === "picklist") {
    const { input } = issue;
    problems.add(key, `expected ${alternatives(known)}`, {
      value: input,
      ...typeof input === "string"
        ? { unknown: { word: input, known, otherwise: "", format: JSON.stringify } }
        : {},
    });
  } else {
    // The contents of a list that is too short do not explain the mistake.
    const shown = issue.kind === "schema" || typeof issue.input !== "object";
    problems.add(key, issue.message, { value: shown ? issue.input : undefined });
  }
}

/** Such as `"a", "b" or "c"`. */
function alternatives(words: readonly string[]): string {
  const quoted = words.map((word) => JSON.stringify(word));
  return quoted.length < 2
    ? quoted.join("")
    : `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
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
    // Already removed with another part of the same list or table.
    if (next === undefined) return;
    parent = next as Record<string, unknown>;
  }
  delete parent[keys.at(-1)!];
}
