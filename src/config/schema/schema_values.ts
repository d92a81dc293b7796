/**
 * The kinds of values in `hale.toml`. The message of each schema is what was expected.
 *
 * @module
 */

import { isVersion } from "../../text/release_version.ts";
import * as v from "valibot";
import { DURATION_FORMAT, parseDuration } from "../../text/parse_duration.ts";
import { parseSize, SIZE_FORMAT } from "../../text/parse_size.ts";

/** A value that a field of a health answer can be compared with. */
export type Scalar = string | number | boolean;

/** Text. No operating system passes a NUL on to a program. */
export const text = v.pipe(
  v.string("expected text in quotes"),
  v.check((value) => !value.includes("\0"), "expected text without a NUL character"),
);

/** Text that says something. */
export const filledText = v.pipe(text, v.minLength(1, "expected text that is not empty"));

/** Yes or no. */
export const flag = v.boolean("expected true or false");

/** Name of an environment variable. */
export const variableName = v.pipe(
  filledText,
  v.check(
    (name) => !name.includes("="),
    'expected the name of an environment variable, without "="',
  ),
);

/** A version, as releases are named. It becomes part of paths and URLs. */
export const version = v.pipe(
  text,
  v.check(isVersion, 'expected a version such as "2.3.19", without spaces and slashes'),
);

/** A list, all of one kind. */
export function listOf<const T extends v.GenericSchema>(item: T) {
  return v.array(item, "expected a list");
}

/** One text, or a list of them. */
export const textOrTexts = v.custom<string | string[]>((value) => {
  const texts = Array.isArray(value) ? value : [value];
  return texts.length > 0 && texts.every((one) => v.is(filledText, one));
}, "expected text, or a list of texts");

/** A list with something in it. */
export function filledListOf<const T extends v.GenericSchema>(item: T) {
  return v.pipe(listOf(item), v.minLength(1, "expected a list that is not empty"));
}

/** A whole number within bounds. */
export function wholeNumber(min: number, max: number = Number.MAX_SAFE_INTEGER) {
  const expected = max === Number.MAX_SAFE_INTEGER
    ? `expected a whole number, at least ${min}`
    : `expected a whole number from ${min} to ${max}`;
  return v.pipe(
    v.number(expected),
    v.check((value) => Number.isSafeInteger(value) && value >= min && value <= max, expected),
  );
}

/** One of some words. The message is the list of them. */
export function oneOf<const T extends readonly string[]>(words: T) {
  return v.picklist(words, words.join(" "));
}

/** A time with its unit, as milliseconds. */
export function duration(bounds: { positive: boolean }) {
  const expected = `expected ${
    bounds.positive ? "a time above zero" : "a time"
  }: ${DURATION_FORMAT}`;
  return measured(parseDuration, bounds.positive ? 1 : 0, expected);
}

/** A size above zero with its unit, as bytes. */
export function size() {
  return measured(parseSize, 1, `expected a size above zero: ${SIZE_FORMAT}`);
}

function measured(parse: (text: string) => number | null, min: number, expected: string) {
  return v.pipe(
    v.string(expected),
    v.rawTransform<string, number>(({ dataset, addIssue, NEVER }) => {
      const amount = parse(dataset.value);
      if (amount !== null && amount >= min) return amount;
      addIssue({ message: expected });
      return NEVER;
    }),
  );
}

/** Text, a number, true or false. */
export const scalar = v.custom<Scalar>(
  (value) =>
    typeof value === "string" || typeof value === "boolean" ||
    typeof value === "number" && Number.isFinite(value),
  "expected text, a number, true or false",
);

/** A table whose keys are the user's. */
export function tableOf<const T extends v.GenericSchema>(
  value: T,
  key: v.GenericSchema<string, string> = filledText,
) {
  return v.pipe(isTableSchema, v.record(key, value));
}

/**
 * A table whose keys are hale's. The message about an unknown key is the list of the known ones.
 */
export function table<const E extends v.ObjectEntries>(entries: E) {
  return v.pipe(isTableSchema, v.strictObject(entries, Object.keys(entries).join(" ")));
}

/** For valibot, lists and dates are objects too. */
const isTableSchema = v.custom<Record<string, unknown>>(isTable, "expected a table");

/**
 * Whether a value of a TOML document is a table.
 *
 * @param value The value.
 * @returns False for lists and dates.
 */
export function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof Date);
}
