/**
 * JSON in transcripts: objects contain the fields to compare, `{PID}` matches a value and `...` any
 * items of an array.
 *
 * @module
 */

import { type Bindings, matchText } from "./placeholders.ts";

/** A JSON value, in which placeholders and `...` are instances of the classes below. */
export type JsonTemplate =
  | string
  | number
  | boolean
  | null
  | Placeholder
  | AnyItems
  | readonly JsonTemplate[]
  | { readonly [key: string]: JsonTemplate };

/** A placeholder such as `{PID}` as a value. */
export class Placeholder {
  constructor(readonly name: string) {}

  get text(): string {
    return `{${this.name}}`;
  }
}

/** `...` in an array: any number of items. */
export class AnyItems {}

const TOKEN = /"(?:[^"\\]|\\.)*"|\{[A-Z][A-Z0-9_]*\}|\.\.\.|[{}[\],:]|[^\s{}[\],:"]+/g;

/** Returns whether lines of a transcript are JSON instead of text. */
export function isJson(lines: readonly string[]): boolean {
  const first = lines.find((line) => line !== "...");
  return first !== undefined && /^(?:\[|\{(?![A-Z]))/.test(first);
}

/**
 * Parses the values of an expectation.
 *
 * @throws {SyntaxError} If it is not JSON.
 */
export function parseJsonTemplate(text: string): JsonTemplate[] {
  const values: string[] = [];
  let depth = 0;
  let value = "";
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "{" || token === "[") depth++;
    if (token === "}" || token === "]") depth--;
    if (token === "...") value += JSON.stringify({ "...": "" });
    else if (/^\{[A-Z]/.test(token)) value += JSON.stringify({ "{}": token.slice(1, -1) });
    else value += token;
    if (depth > 0) continue;
    values.push(value);
    value = "";
  }
  if (value !== "") throw new SyntaxError(`This JSON has no end: ${text}`);
  return values.map((value) => JSON.parse(value, revive));
}

function revive(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("{}" in value) return new Placeholder(String(value["{}"]));
  if ("..." in value) return new AnyItems();
  return value;
}

/**
 * Compares a value with a template: an object may have more fields, an array may not have more items.
 *
 * @returns The values of the placeholders afterwards; null if the value does not match.
 */
export function matchJson(
  template: JsonTemplate,
  value: unknown,
  bindings: Bindings,
): Bindings | null {
  if (template instanceof Placeholder) {
    const isScalar = typeof value === "string" || typeof value === "number";
    return isScalar ? matchText(template.text, String(value), bindings) : null;
  }
  if (typeof template === "string") {
    return typeof value === "string" ? matchText(template, value, bindings) : null;
  }
  if (typeof template !== "object" || template === null) {
    return template === value ? bindings : null;
  }
  if (Array.isArray(template)) {
    return Array.isArray(value) ? matchItems(template, value, bindings) : null;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  let values: Bindings | null = bindings;
  for (const [key, field] of Object.entries(template)) {
    if (!(key in value)) return null;
    values = matchJson(field, (value as Record<string, unknown>)[key], values);
    if (values === null) return null;
  }
  return values;
}

function matchItems(
  templates: readonly JsonTemplate[],
  values: readonly unknown[],
  bindings: Bindings,
): Bindings | null {
  const [first, ...rest] = templates;
  if (first === undefined) return values.length === 0 ? bindings : null;
  if (first instanceof AnyItems) {
    for (let skipped = 0; skipped <= values.length; skipped++) {
      const after = matchItems(rest, values.slice(skipped), bindings);
      if (after !== null) return after;
    }
    return null;
  }
  if (values.length === 0) return null;
  const after = matchJson(first, values[0], bindings);
  return after === null ? null : matchItems(rest, values.slice(1), after);
}

/**
 * Parses the output of a command with `--json`: one value, or one for each line.
 *
 * @returns The values; null if it is not JSON.
 */
export function jsonValuesOf(output: string): unknown[] | null {
  try {
    return [JSON.parse(output)];
  } catch {
    try {
      return output.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
    } catch {
      return null;
    }
  }
}
