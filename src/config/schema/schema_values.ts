/**
 * The types of values in `hale.toml`. The message of each schema says what was expected.
 *
 * @module
 */

import { isVersion } from "../../text/release_version.ts";
import * as v from "valibot";
import { DURATION_FORMAT, parseDuration } from "../../text/parse_duration.ts";
import { parseSize, SIZE_FORMAT } from "../../text/parse_size.ts";
import { parseStatusRange, type StatusRange } from "../../text/status_ranges.ts";

/** A value that a field of a health check's answer is compared with. */
export type Scalar = string | number | boolean;

/** A string. No operating system can pass a NUL character to a program. */
export const text = v.pipe(
  v.string("expected a string in quotes"),
  v.check((value) => !value.includes("\0"), "expected a string without a NUL character"),
);

/** A string that is not empty. */
export const filledText = v.pipe(text, v.minLength(1, "expected a string that is not empty"));

/** A boolean. */
export const flag = v.boolean((issue) => `expected true or false${unquoted(issue.input)}`);

/** The name of an environment variable. */
export const variableName = v.pipe(
  filledText,
  v.check(
    (name) => !name.includes("="),
    'expected the name of an environment variable, without "="',
  ),
);

/** The name of an HTTP header: a token of RFC 9110. */
export const headerName = v.pipe(
  filledText,
  v.check(
    (name) => /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name),
    "expected the name of an HTTP header, such as Authorization",
  ),
);

/** One HTTP status or range, or several, converted to ranges. */
export const statusRanges = v.pipe(
  v.unknown(),
  v.rawTransform<unknown, StatusRange[]>(({ dataset, addIssue, NEVER }) => {
    const values = Array.isArray(dataset.value) ? dataset.value : [dataset.value];
    const ranges = values.map(parseStatusRange);
    if (ranges.length > 0 && ranges.every((range) => range !== null)) return ranges;
    addIssue({
      message: 'expected HTTP statuses, such as 200, [200, 401], "2xx" or "200-399"',
    });
    return NEVER;
  }),
);

/** The version of a release. It becomes part of paths and URLs. */
export const version = v.pipe(
  text,
  v.check(isVersion, 'expected a version without spaces and slashes, such as "2.3.19"'),
);

/** A list of values of one type. */
export function listOf<const T extends v.GenericSchema>(item: T) {
  return v.array(item, (issue) => `expected a list, such as ${listExample(issue.input)}`);
}

/** A string or a list of strings. */
export const textOrTexts = v.custom<string | string[]>((value) => {
  const texts = Array.isArray(value) ? value : [value];
  return texts.length > 0 && texts.every((one) => v.is(filledText, one));
}, "expected a string or a list of strings");

/** A list that is not empty. */
export function filledListOf<const T extends v.GenericSchema>(item: T) {
  return v.pipe(listOf(item), v.minLength(1, "expected a list that is not empty"));
}

/** A whole number within bounds, both inclusive. */
export function wholeNumber(min: number, max: number = Number.MAX_SAFE_INTEGER) {
  const expected = max === Number.MAX_SAFE_INTEGER
    ? `expected a whole number of at least ${min}`
    : `expected a whole number from ${min} to ${max}`;
  return v.pipe(
    v.number((issue) => expected + unquoted(issue.input)),
    v.check((value) => Number.isSafeInteger(value) && value >= min && value <= max, expected),
  );
}

/** One of several strings. The message is the list of them. */
export function oneOf<const T extends readonly string[]>(words: T) {
  return v.picklist(words, words.join(" "));
}

/**
 * A duration with its unit, converted to milliseconds.
 *
 * @param bounds Whether it must be above zero, and another value that the key accepts, for the message.
 */
export function duration(bounds: { positive: boolean; otherwise?: string }) {
  const kind = bounds.positive ? "a duration above zero" : "a duration";
  const or = bounds.otherwise === undefined ? "" : `, or "${bounds.otherwise}"`;
  return measured(parseDuration, bounds.positive ? 1 : 0, (value) => {
    if (isCount(value)) return `the unit is missing: write "${value}s" or "${value}ms"`;
    if (typeof value === "string" && TOO_LONG.test(value)) {
      return `too long: expected at most "596h"${or}`;
    }
    return `expected ${kind}: ${DURATION_FORMAT}${or}`;
  });
}

/** A size above zero with its unit, converted to bytes. */
export function size() {
  return measured(
    parseSize,
    1,
    (value) =>
      isCount(value)
        ? `the unit is missing: write "${value}MiB" or "${value}B"`
        : `expected a size above zero: ${SIZE_FORMAT}`,
  );
}

function measured(
  parse: (text: string) => number | null,
  min: number,
  expected: (value: unknown) => string,
) {
  return v.pipe(
    v.string((issue) => expected(issue.input)),
    v.rawTransform<string, number>(({ dataset, addIssue, NEVER }) => {
      const amount = parse(dataset.value);
      if (amount !== null && amount >= min) return amount;
      addIssue({ message: expected(dataset.value) });
      return NEVER;
    }),
  );
}

/** A string, a number or a boolean. */
export const scalar = v.custom<Scalar>(
  (value) =>
    typeof value === "string" || typeof value === "boolean" ||
    typeof value === "number" && Number.isFinite(value),
  "expected a string, a number, true or false",
);

const DROPPED_KEYS = ["__proto__", "constructor", "prototype"];
const DROPPED_KEY = `expected keys other than ${DROPPED_KEYS.join(", ")}`;

/** A table whose keys the user chooses, such as names of variables. */
export function tableOf<const T extends v.GenericSchema>(
  value: T,
  { key = filledText, example }: {
    readonly key?: v.GenericSchema<string, string>;
    /** A line of the file, for the message. */
    readonly example: string;
  },
) {
  return v.pipe(
    tableLike(example),
    // `v.record` drops these keys without an issue.
    v.check((table) => !DROPPED_KEYS.some((name) => Object.hasOwn(table, name)), DROPPED_KEY),
    v.record(key, value),
  );
}

/**
 * A table with fixed keys. The message about an unknown key is the list of the known ones.
 *
 * @param entries The keys and the schemas of their values.
 * @param example A line of the file, for the message about a value that is not a table.
 * @returns The schema.
 */
export function table<const E extends v.ObjectEntries>(entries: E, example: string) {
  return v.pipe(tableLike(example), v.strictObject(entries, Object.keys(entries).join(" ")));
}

/** For valibot, lists and dates are objects too. */
function tableLike(example: string) {
  return v.custom<Record<string, unknown>>(isTable, `expected a table, such as ${example}`);
}

/**
 * Reports whether a value of a TOML document is a table.
 *
 * @param value The value.
 * @returns True for a table; false for everything else, including lists and dates.
 */
export function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof Date);
}

/** A valid duration above zero. If `parseDuration` refuses it, it is too long for a timer. */
const TOO_LONG = /^0*[1-9][0-9]*(?:ms|s|m|h)$/;

/** Whether a value is a number that lacks only its unit. */
function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) > 0 ||
    typeof value === "string" && /^[1-9][0-9]*$/.test(value);
}

/** What to add to a message about a value that must not be in quotes. */
function unquoted(value: unknown): string {
  return typeof value === "string" ? ", without quotes" : "";
}

/** The list that a user probably meant by a string. */
function listExample(value: unknown): string {
  const isPlain = typeof value === "string" && value.length <= 60 && /^[\w\s./:=@,-]+$/.test(value);
  const words = isPlain ? value.trim().split(/\s+/) : ["one", "two"];
  return `[${words.map((word) => JSON.stringify(word)).join(", ")}]`;
}
