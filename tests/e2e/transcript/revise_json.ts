/**
 * Updates a JSON template to an actual value. Keeps its selection of fields and its placeholders.
 *
 * @module
 */

import { AnyItems, type JsonTemplate, matchJson, Placeholder } from "./json_template.ts";
import type { Bindings } from "./placeholders.ts";
import { generalize } from "./generalize.ts";

/** Maximum length of a line of JSON. */
const WIDTH = 96;

/**
 * Updates a template to a value.
 *
 * @param template The expected value; `undefined` if there was none.
 * @param value The actual value.
 * @param bindings Values of placeholders so far.
 */
export function reviseJson(
  template: JsonTemplate | undefined,
  value: unknown,
  bindings: Bindings,
): JsonTemplate {
  if (template !== undefined && matchJson(template, value, bindings) !== null) return template;
  if (typeof value === "string") {
    return generalize(value, bindings, typeof template === "string" ? template : undefined);
  }
  if (Array.isArray(value)) {
    return reviseItems(Array.isArray(template) ? template : [], value, bindings);
  }
  if (typeof value !== "object" || value === null) return value as JsonTemplate;
  const isObject = typeof template === "object" && template !== null &&
    !Array.isArray(template) && !(template instanceof Placeholder);
  const fields = isObject ? template as Record<string, JsonTemplate> : {};
  const keys = Object.keys(isObject ? fields : value).filter((key) => key in value);
  return Object.fromEntries(keys.map((key) => {
    return [key, reviseJson(fields[key], (value as Record<string, unknown>)[key], bindings)];
  }));
}

/** Updates the templates of array items or of several values. */
export function reviseItems(
  templates: readonly JsonTemplate[],
  values: readonly unknown[],
  bindings: Bindings,
): JsonTemplate[] {
  if (!templates.some((template) => template instanceof AnyItems)) {
    return values.map((value, index) => reviseJson(templates[index], value, bindings));
  }
  let at = 0;
  return templates.flatMap((template): JsonTemplate[] => {
    if (template instanceof AnyItems) return [template];
    const rest = values.slice(at);
    if (rest.length === 0) return [];
    const index = closest(template, rest, bindings);
    at += index + 1;
    return [reviseJson(template, rest[index], bindings)];
  });
}

/** Returns the index of the most similar value. */
function closest(template: JsonTemplate, values: readonly unknown[], bindings: Bindings): number {
  const scores = values.map((value) => {
    if (matchJson(template, value, bindings) !== null) return Infinity;
    if (typeof template !== "object" || template === null) return 0;
    if (typeof value !== "object" || value === null) return 0;
    return Object.entries(template).filter(([key, field]) =>
      matchJson(field, (value as Record<string, unknown>)[key], bindings) !== null
    ).length;
  });
  return scores.indexOf(Math.max(...scores));
}

/** Returns how many fields and items are compared. */
export function countFields(value: JsonTemplate): number {
  if (typeof value !== "object" || value === null || value instanceof Placeholder) return 0;
  if (value instanceof AnyItems) return 0;
  const parts: readonly JsonTemplate[] = Array.isArray(value) ? value : Object.values(value);
  const compared = parts.filter((part) => !(part instanceof AnyItems));
  return compared.reduce<number>((count, part) => count + 1 + countFields(part), 0);
}

/** Formats values as lines of a transcript. */
export function formatJson(values: readonly JsonTemplate[]): string[] {
  return values.flatMap((value) => format(value, "").split("\n"));
}

function format(value: JsonTemplate, indent: string): string {
  if (value instanceof AnyItems) return "...";
  if (value instanceof Placeholder) return value.text;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const isArray = Array.isArray(value);
  const [open, close] = isArray ? "[]" : "{}";
  const write = (indent: string) =>
    isArray
      ? value.map((item) => format(item, indent))
      : Object.entries(value).map(([key, field]) =>
        `${JSON.stringify(key)}: ${format(field, indent)}`
      );
  const flat = write("").join(", ");
  const line = isArray || flat === "" ? `${open}${flat}${close}` : `${open} ${flat} ${close}`;
  if (!line.includes("\n") && indent.length + line.length <= WIDTH) return line;
  const inner = `${indent}  `;
  return `${open}\n${write(inner).map((part) => inner + part).join(",\n")}\n${indent}${close}`;
}
