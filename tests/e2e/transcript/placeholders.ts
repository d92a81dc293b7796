/**
 * Placeholders for values that differ between runs, such as `{PID}`.
 *
 * The last word of a name is its kind: `{PID}`, `{WEB_PID}` and `{OLD_PID}` are process ids.
 *
 * @module
 */

/** Values of placeholders, by name. */
export type Bindings = ReadonlyMap<string, string>;

/** A kind of placeholders. */
interface Kind {
  readonly pattern: string;
  /** Whether each occurrence may have another value. */
  readonly isVolatile?: boolean;
  /** Whether two names must have different values. */
  readonly isDistinct?: boolean;
}

const KINDS: Readonly<Record<string, Kind>> = {
  /** Any text in a line; in a JSON string also line breaks. */
  ANY: { pattern: "[^]*?", isVolatile: true },
  TIME: { pattern: "\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?Z?", isVolatile: true },
  DURATION: {
    pattern: "\\d+(?:\\.\\d+)? ?(?:ms|s|m|h|d)(?: ?\\d+(?:ms|s|m|h))*",
    isVolatile: true,
  },
  NUMBER: { pattern: "\\d+", isVolatile: true },
  PID: { pattern: "\\d+", isDistinct: true },
  PORT: { pattern: "\\d+" },
  SHA256: { pattern: "[0-9a-f]{64}", isDistinct: true },
  DIGEST: { pattern: "[0-9a-f]{6,64}", isDistinct: true },
  CURSOR: { pattern: "[\\w-]+:\\d+", isDistinct: true },
  VERSION: { pattern: "\\d+\\.\\d+\\.\\d+[\\w.+-]*" },
  ID: { pattern: "[\\w-]+", isDistinct: true },
  PATH: { pattern: "\\S+" },
  // Known from the start of a run.
  DIR: { pattern: "\\S+" },
  HOME: { pattern: "\\S+" },
  TARGET: { pattern: "\\S+" },
  SERVER: { pattern: "\\S+" },
};

const PLACEHOLDER = /(?<!\$)\{([A-Z][A-Z0-9_]*)\}/g;

/** Returns the kind of a placeholder: the last word of its name. */
export function kindOf(name: string): string {
  return name.slice(name.lastIndexOf("_") + 1);
}

/** Returns the pattern of a placeholder. */
export function patternOf(name: string): RegExp {
  return new RegExp(`(?<![\\w.-])${kind(name).pattern}(?![\\w-])`, "g");
}

/** Returns whether each occurrence of a placeholder may have another value. */
export function isVolatile(name: string): boolean {
  return kind(name).isVolatile ?? false;
}

/** Returns the names of the placeholders in a text, in order. */
export function placeholdersIn(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, name]) => name!);
}

/**
 * Replaces placeholders by their values.
 *
 * @throws {Error} If one has no value.
 */
export function substitute(text: string, bindings: Bindings): string {
  return text.replace(PLACEHOLDER, (placeholder, name) => {
    const value = bindings.get(name);
    if (value === undefined) throw new Error(`${placeholder} has no value yet.`);
    return value;
  });
}

/**
 * Compares a text with a template. Two or more spaces match any number of them above one, because the
 * widths of columns depend on their values.
 *
 * @param template The expected text.
 * @param text The actual text.
 * @param bindings Values so far.
 * @returns The values afterwards; null if the text does not match.
 */
export function matchText(template: string, text: string, bindings: Bindings): Bindings | null {
  const names = new Set<string>();
  const parts = template.split(PLACEHOLDER).map((part, index) => {
    if (index % 2 === 0) return escape(part);
    const { pattern, isVolatile } = kind(part);
    if (isVolatile) return `(?:${pattern})`;
    const value = bindings.get(part);
    if (value !== undefined) return RegExp.escape(value);
    if (names.has(part)) return `\\k<${part}>`;
    names.add(part);
    return `(?<${part}>${pattern})`;
  });
  const match = new RegExp(`^${parts.join("")}$`).exec(text);
  if (match === null) return null;
  const values = new Map(bindings);
  for (const name of names) {
    const value = match.groups![name]!;
    if (isTaken(name, value, values)) return null;
    values.set(name, value);
  }
  return values;
}

function isTaken(name: string, value: string, bindings: Bindings): boolean {
  if (!kind(name).isDistinct) return false;
  return [...bindings].some(([other, taken]) => taken === value && kindOf(other) === kindOf(name));
}

function escape(literal: string): string {
  return literal.split(/ {2,}/).map((text) => RegExp.escape(text)).join(" {2,}");
}

function kind(name: string): Kind {
  const found = KINDS[kindOf(name)];
  if (found !== undefined) return found;
  throw new Error(
    `{${name}} is of no known kind. A name ends with one of: ${Object.keys(KINDS).join(", ")}.`,
  );
}
