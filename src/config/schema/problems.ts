import { HaleError } from "../../errors.ts";

/** The way to a value: names of keys, and positions in lists. */
export type KeyPath = readonly (string | number)[];

/** Stands for the path of the file of a service that was given by a command. */
export const COMMAND_LINE = "the command line";

/** Stands for the path of the file of a configuration that a program has put together. */
export const NO_FILE = "the configuration";

/** One thing that is wrong with a configuration file, as it stands in the fields of the error. */
export interface Problem {
  /** As a person writes it, such as `services.api.health.within`. Empty for the whole file. */
  readonly key: string;
  /** From 1; null where it is not known. */
  readonly line: number | null;
  /** What was expected. */
  readonly message: string;
  /** Null where there is none, where it is a list or a table, and where it may be secret. */
  readonly value: string | number | boolean | null;
}

/** What else is known of a problem. */
export interface ProblemDetails {
  /** The value that was found, as written. */
  readonly value?: unknown;
  /** A word that nobody knows, and those that could be meant. */
  readonly unknown?: UnknownWord;
  /** Name of the environment variable that is at fault, and not the file. */
  readonly variable?: string;
  /** Whether an endpoint is at fault: a file with no other problem is an `invalid_endpoint`. */
  readonly endpoint?: boolean;
}

/** A word that nobody knows. */
export interface UnknownWord {
  readonly word: string;
  /** Those that could be meant. */
  readonly known: readonly string[];
  /** What to say where none of them is close. @default all of them */
  readonly otherwise?: string;
}

interface Note {
  readonly path: KeyPath;
  readonly message: string;
  readonly details: ProblemDetails;
}

/** Collects what is wrong with one file, so that all of it is reported at once. */
export class Problems {
  readonly #file: string;
  readonly #lineOf: (path: KeyPath) => number | null;
  readonly #found: Note[] = [];

  /**
   * @param file Path of the file, for the message.
   * @param lineOf The line that a key stands on, where it is known.
   */
  constructor(file: string, lineOf: (path: KeyPath) => number | null) {
    this.#file = file;
    this.#lineOf = lineOf;
  }

  /**
   * Notes a problem.
   *
   * @param path Where.
   * @param message What was expected, and what to do.
   * @param details What was found there.
   */
  add(path: KeyPath, message: string, details: ProblemDetails = {}): void {
    this.#found.push({ path, message, details });
  }

  /**
   * Ends the load where anything was noted.
   *
   * @throws {HaleError} `invalid_endpoint` If endpoints are all that is wrong.
   * @throws {HaleError} `config_invalid` If anything else is.
   */
  async throwIfAny(): Promise<void> {
    if (this.#found.length === 0) return;
    const problems = await Promise.all(this.#found.map((note) => this.#describe(note)));
    const onlyEndpoints = this.#found.every((note) => note.details.endpoint);
    const variables = this.#found.flatMap(({ details: { variable } }) => variable ?? []);
    throw configError(
      onlyEndpoints ? "invalid_endpoint" : "config_invalid",
      this.#file,
      problems,
      { variables, onlyVariables: variables.length === problems.length },
    );
  }

  async #describe({ path, message, details }: Note): Promise<Problem> {
    const { value, unknown, variable } = details;
    const shown = isSecret(path) ? null : scalar(value);
    // Where the value cannot be shown its kind may tell what is wrong.
    const kind = shown === null && value !== undefined ? kindOf(value) : null;
    const got = kind === null || kind === "text" ? "" : `, got ${kind}`;
    const hint = unknown === undefined ? "" : await hintFor(unknown);
    return {
      key: formatKey(path),
      line: variable === undefined ? this.#lineOf(path) : null,
      message: message + got + hint,
      value: shown,
    };
  }
}

/**
 * The error for a file with problems.
 *
 * @param code Its code.
 * @param path Path of the file.
 * @param problems At least one.
 * @param environment Variables that are at fault; whether nothing else is.
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
 * Writes a key's path as a person does.
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

/** Environment variables hold passwords and tokens: what they hold is never repeated. */
function isSecret(path: KeyPath): boolean {
  return path[0] === "services" && path[2] === "env";
}

function scalar(value: unknown): string | number | boolean | null {
  return typeof value === "string" || typeof value === "boolean" ||
      typeof value === "number" && Number.isFinite(value)
    ? value
    : null;
}

/** The kind of a value in TOML's words. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (value instanceof Date) return "a date";
  if (typeof value === "object") return "a table";
  if (typeof value === "boolean") return "true or false";
  return typeof value === "string" ? "text" : "a number";
}

function abbreviate(json: string): string {
  return json.length <= 100 ? json : `${json.slice(0, 99)}…`;
}

async function hintFor(
  { word, known, otherwise = known.length === 0 ? "" : `known: ${known.join(", ")}` }: UnknownWord,
): Promise<string> {
  // Loaded late: a file without mistakes does not need it.
  const { suggest } = await import("../../text/suggest.ts");
  const close = suggest(word, known);
  if (close !== null) return `; did you mean \`${close}\`?`;
  return otherwise === "" ? "" : `; ${otherwise}`;
}
