/**
 * Rules for the fields of objects that come from a file or from another process.
 *
 * @module
 */

import * as v from "valibot";

/** Rules for all fields of an object. Unknown fields are ignored. */
export type FieldRules<T> = v.ObjectSchema<{ [K in keyof T]-?: v.GenericSchema }, string>;

/** Returns whether a value is an object and not an array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// The message of each rule is the end of "is not ...".
export const text = v.string("a string");
export const flag = v.boolean("true or false");
export const count = v.custom(
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  "a whole number",
);
/** Part of paths, which cannot have half of a character. */
export const name = v.pipe(text, v.check((it) => it !== "" && it.isWellFormed(), "a name"));
export const texts = v.array(text, "a list of strings");

const object = v.custom(isRecord, "an object");

export const textTable = tableOf(text);

/** Null is valid too. */
export function orNull(rule: v.GenericSchema): v.GenericSchema {
  return v.nullable(rule);
}

/** One of several strings. */
export function oneOf(...words: readonly string[]): v.GenericSchema {
  return v.picklist(words, `one of ${words.join(", ")}`);
}

/** An object with any keys. */
export function tableOf(rule: v.GenericSchema): v.GenericSchema {
  return v.pipe(object, v.record(v.string(), rule));
}

/** An object with known fields. */
export function objectOf<T>(entries: { [K in keyof T]-?: v.GenericSchema }): FieldRules<T> {
  return v.object(entries, "an object");
}

/** An object with known fields, in an object: an array, which has no fields, is none. */
export function nested<T>(entries: { [K in keyof T]-?: v.GenericSchema }): v.GenericSchema {
  return v.pipe(object, objectOf<T>(entries) as never);
}

/** A list of objects. */
export function listOf<T>(entries: { [K in keyof T]-?: v.GenericSchema }): v.GenericSchema {
  return v.array(objectOf<T>(entries), "a list");
}

/**
 * An object whose other fields depend on its field `kind`.
 *
 * @param kinds The other fields of each kind.
 */
export function kindOf(
  kinds: Readonly<Record<string, Readonly<Record<string, v.GenericSchema>>>>,
): v.GenericSchema {
  const variants = Object.entries(kinds).map(([kind, fields]) =>
    v.object({ kind: v.literal(kind), ...fields })
  );
  const names = `one of ${Object.keys(kinds).join(", ")}`;
  return v.pipe(object, v.variant("kind", variants as never, names) as never);
}

/**
 * Finds the first invalid field of an object.
 *
 * @param value The object.
 * @param rules The rules.
 * @returns Such as "`restarts` is missing"; null if all fields are valid.
 */
export function findBrokenField<T>(
  value: Readonly<Record<string, unknown>>,
  rules: FieldRules<T>,
): string | null {
  const [issue] = v.safeParse(rules, value, { abortEarly: true }).issues ?? [];
  if (issue === undefined) return null;
  const fault = issue.received === "undefined" ? "missing" : `not ${issue.message}`;
  return `\`${v.getDotPath(issue)}\` is ${fault}`;
}
