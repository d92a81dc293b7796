import { HaleError } from "../../errors.ts";
import type { LineOf } from "../toml/toml_lines.ts";

/** The path to a value: names of keys and indexes in lists. */
export type KeyPath = readonly (string | number)[];

/** Used in place of a file's path for a service from the command line. */
export const COMMAND_LINE = "the command line";

/** Used in place of a file's path for a configuration that a program passes as a value. */
export const NO_FILE = "the configuration";

/** Finds the line of each key of a file. Slower than reading the file: only for messages. */
export type FindLines = () => Promise<LineOf>;

/** For a configuration that is not in a file. */
export const NO_LINES: FindLines = () => Promise.resolve(() => null);

/** One mistake in a configuration, as it appears in the fields of the error. */
export interface Problem {
  /** The key, such as `services.api.health.within`. Empty for the whole file. */
  readonly key: string;
  /** Line number, from 1; null if it is not known. */
  readonly line: number | null;
  /** What was expected, for people. */
  readonly message: string;
  /** Null if there is none, if it is a list or a table, or if it may be secret. */
  readonly value: string | number | boolean | null;
}

/** Optional details of a problem. */
export interface ProblemDetails {
  /** The value, as written. */
  readonly value?: unknown;
  /** The unknown word, if that is the mistake. */
  readonly unknown?: UnknownWord;
  /** Name of the environment variable whose value is wrong, if the file is right. */
  readonly variable?: string;
  /** Whether an endpoint is wrong: a file with no other problems is `invalid_endpoint`. */
  readonly endpoint?: boolean;
}

/** An unknown word and the words that may have been meant. */
export interface UnknownWord {
  readonly word: string;
  /** The valid words. */
  readonly known: readonly string[];
  /** Hint if none of them is similar. @default the list of them */
  readonly otherwise?: string;
  /** Formats a valid word for the hint. @default in backticks */
  readonly format?: (word: string) => string;
}

interface Note {
  readonly path: KeyPath;
  readonly message: string;
  readonly details: ProblemDetails;
}

/** Collects the mistakes of one file, so that all are reported at once. */
export class Problems {
  readonly #file: string;
  readonly #findLines: FindLines;
  readonly #found: Note[] = [];

  /**
   * @param file Path of the file, for the message.
   * @param findLines Finds the lines of keys; called only if there are mistakes. @default none
   */
  constructor(file: string, findLines: FindLines = NO_LINES) {
    this.#file = file;
    this.#findLines = findLines;
  }

  /**
   * Adds a problem.
   *
   * @param path The key.
   * @param message What was expected, and what to do.
   * @param details The value and other details.
   */
  add(path: KeyPath, message: string, details: ProblemDetails = {}): void {
    this.#found.push({ path, message, details });
  }

  /**
   * Throws if there are any problems.
   *
   * @throws {HaleError} `invalid_endpoint` If all problems are about endpoints.
   * @throws {HaleError} `config_invalid` If there are any other problems.
   */
  async throwIfAny(): Promise<void> {
    if (this.#found.length === 0) return;
    const lineOf = await this.#findLines();
    const problems = await Promise.all(this.#found.map((note) => this.#describe(note, lineOf)));
    const onlyEndpoints = this.#found.every((note) => note.details.endpoint);
    const variables = this.#found.flatMap(({ details: { variable } }) => variable ?? []);
    throw configError(
      onlyEndpoints ? "invalid_endpoint" : "config_invalid",
      this.#file,
      problems,
      { variables, onlyVariables: variables.length === problems.length },
    );
  }

  async #describe(
    { path, message, details }: Note,
    lineOf: LineOf,
  ): Promise<Problem> {
    const { value, unknown, variable } = details;
    const shown = isSecret(path) ? null : scalar(value);
    // If the value cannot be shown, its type may explain the mistake.
    const kind = shown === null && value !== undefined ? kindOf(value) : null;
    const got = kind === null || kind === "a string" ? "" : `; got ${kind}`;
    const hint = unknown === undefined ? "" : await hintFor(unknown);
    return {
      key: formatKey(path),
      line: variable === undefined ? lineOf(path) : null,
      message: message + got + hint,
      value: shown,
    };
  }
}

/**
 * Returns the error for a file with problems.
 *
 * @param code The error code.
 * @param path Path of the file.
 * @param problems At least one problem.
 * @param environment `variables`: names of environment variables whose values are wrong.
 * `onlyVariables`: whether there are no other problems.
 * @returns The error; its fields are `path` and `problems`.
 */
export function configError(
  code: "config_invalid" | "invalid_endpoint",
  path: string,
  problems: readonly Problem[],
  environment: { readonly variables: readonly string[]; readonly onlyVariables: boolean } = {
    variables: [],
    onlyVariables: false,
  },
): HaleError {
  const sorted = [...problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  const lines = sorted.map((problem) => {
    const place = problem.line === null ? "" : `line ${problem.line}: `;
    const value = problem.value === null ? "" : ` = ${abbreviate(JSON.stringify(problem.value))}`;
    const key = problem.key === "" ? "" : `${problem.key}${value}: `;
    return `  ${place}${key}${problem.message}`;
  });
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return new HaleError(
    code,
    `${count} in ${path}:\n${lines.join("\n")}\n${advice(path, environment)}.`,
    { fields: { path, problems: sorted } },
  );
}

function advice(
  path: string,
  { variables, onlyVariables }: {
    readonly variables: readonly string[];
    readonly onlyVariables: boolean;
  },
): string {
  const names = [...new Set(variables)].join(" and ");
  if (onlyVariables) return `Correct or unset ${names} and run the command again`;
  const also = names === "" ? "" : ` and ${names}`;
  return path === COMMAND_LINE || path === NO_FILE
    ? `Correct it${also} and try again`
    : `Correct the file${also} and run the command again`;
}

/**
 * Formats a key as it is written in TOML.
 *
 * @param path Such as `["services", "my api", "args", 1]`.
 * @returns Such as `services."my api".args[1]`.
 */
function formatKey(path: KeyPath): string {
  return path.map((part, index) => {
    if (typeof part === "number") return `[${part}]`;
    const name = /^[A-Za-z0-9_-]+$/.test(part) ? part : JSON.stringify(part);
    return index === 0 ? name : `.${name}`;
  }).join("");
}

/**
 * Values of environment variables and of request headers may be passwords or tokens, so they are
 * never shown.
 */
function isSecret(path: KeyPath): boolean {
  if (path[0] !== "services") return false;
  return path[2] === "env" || (path[2] === "health" && path.includes("headers"));
}

function scalar(value: unknown): string | number | boolean | null {
  return typeof value === "string" || typeof value === "boolean" ||
      typeof value === "number" && Number.isFinite(value)
    ? value
    : null;
}

/** The type of a value, for messages. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (value instanceof Date) return "a date";
  if (typeof value === "object") return "a table";
  if (typeof value === "boolean") return "a boolean";
  return typeof value === "string" ? "a string" : "a number";
}

function abbreviate(json: string): string {
  return json.length <= 100 ? json : `${json.slice(0, 99)}…`;
}

async function hintFor(
  { word, known, otherwise = listHint(known), format = (word) => `\`${word}\`` }: UnknownWord,
): Promise<string> {
  // Imported here because a file without mistakes does not need it.
  const { suggest } = await import("../../text/suggest.ts");
  const close = suggest(word, known);
  if (close !== null) return `; did you mean ${format(close)}?`;
  return otherwise === "" ? "" : `; ${otherwise}`;
}

function listHint(known: readonly string[]): string {
  return known.length === 0
    ? ""
    : `expected ${known.length === 1 ? "" : "one of "}${known.join(", ")}`;
}
