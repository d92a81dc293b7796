/**
 * Finds the completions of an incomplete command line in the command table.
 *
 * @module
 */

import {
  type Command,
  COMMON_FLAGS,
  type Completion,
  flagName,
  type FlagSpec,
  type FlagTable,
  TOP_FLAGS,
} from "../command.ts";
import { tokenize, type Tokens } from "../args/lexer.ts";
import { TOPICS } from "../manual/topics.ts";

/** A word that completes the line. */
export interface Candidate {
  readonly word: string;
  /** One line; may be empty. */
  readonly summary: string;
}

/** What completes the line, as far as the command table knows. */
export type Fitting =
  | { readonly kind: "words"; readonly candidates: readonly Candidate[] }
  /** Names from outside the command table, each to be appended to `prefix`. */
  | {
    readonly kind: "names";
    readonly of: Completion;
    /** The part of the word before the name, such as `--preset=`. */
    readonly prefix: string;
    /** Names that the line already contains. */
    readonly taken: readonly string[];
  }
  | { readonly kind: "files" }
  | { readonly kind: "folders" }
  /** Another command and its arguments, after `--`. */
  | { readonly kind: "command" };

/** The completions of a line. */
export interface CompletedLine {
  readonly fitting: Fitting;
  /** Values of `--config` and `--home` in the line: where names are read from. */
  readonly config: string | null;
  readonly home: string | null;
}

const NOTHING: Fitting = { kind: "words", candidates: [] };

/**
 * Finds the completions for the last word of a line.
 *
 * @param words The words after `hale`; the last one is incomplete and may be empty.
 * @param commands All commands.
 * @returns The completions, not yet filtered by the last word.
 */
export function completeLine(
  words: readonly string[],
  commands: readonly Command[],
): CompletedLine {
  const before = words.slice(0, -1);
  const current = words.at(-1) ?? "";
  const tokens = tokenize(before, commands);
  return {
    fitting: fittingAt(tokens, current, { before, commands }),
    config: valueOf(tokens, "--config"),
    home: valueOf(tokens, "--home"),
  };
}

interface Line {
  readonly before: readonly string[];
  readonly commands: readonly Command[];
}

function fittingAt(tokens: Tokens, current: string, { before, commands }: Line): Fitting {
  const { command } = tokens;
  if (tokens.rest !== null) return command?.rest === undefined ? NOTHING : { kind: "command" };
  const flags = flagsOf(command);
  const awaiting = awaitingValue(before.at(-1), flags);
  if (awaiting !== null) return fittingValue(awaiting, "");
  const assigned = /^(--[^=]+)=/.exec(current);
  if (assigned !== null) {
    const flag = flags.find(({ typed }) => typed === assigned[1]);
    return flag === undefined || flag.spec.kind === "boolean"
      ? NOTHING
      : fittingValue(flag.spec, assigned[0]);
  }
  if (current.startsWith("-")) return { kind: "words", candidates: freeFlags(tokens, flags) };
  if (command === null) {
    return tokens.problem === null
      ? { kind: "words", candidates: commandWords(tokens.prefix, commands) }
      : NOTHING;
  }
  return fittingArgument(command, tokens.words, commands);
}

function fittingArgument(
  command: Command,
  given: readonly string[],
  commands: readonly Command[],
): Fitting {
  const last = command.args.at(-1);
  const argument = command.args[given.length] ?? (last?.repeated ? last : undefined);
  if (argument?.completes === undefined) return NOTHING;
  if (argument.completes === "topic") {
    return { kind: "words", candidates: helpWords(given, commands) };
  }
  return { kind: "names", of: argument.completes, prefix: "", taken: given };
}

/** The arguments of `hale help`: commands, and topics without a command of the same name. */
function helpWords(
  given: readonly string[],
  commands: readonly Command[],
): readonly Candidate[] {
  const words = commandWords(given, commands);
  if (given.length > 0) return words;
  const isCommand = (name: string) => words.some(({ word }) => word === name);
  const topics = TOPICS.filter(({ name }) => !isCommand(name));
  return [...words, ...topics.map(({ name }) => ({ word: name, summary: "Topic of the manual" }))];
}

function fittingValue(spec: FlagSpec, prefix: string): Fitting {
  if (spec.kind === "path") return { kind: spec.placeholder === "DIR" ? "folders" : "files" };
  if (spec.completes === undefined) return NOTHING;
  return { kind: "names", of: spec.completes, prefix, taken: [] };
}

interface KnownFlag {
  readonly key: string;
  /** Long name as the user types it. */
  readonly typed: string;
  /** Long name in {@linkcode Tokens.flags}. */
  readonly name: string;
  readonly spec: FlagSpec;
}

function flagsOf(command: Command | null): readonly KnownFlag[] {
  const known = new Map<string, KnownFlag>();
  const tables: readonly FlagTable[] = [command?.flags ?? TOP_FLAGS, COMMON_FLAGS];
  for (const [key, spec] of tables.flatMap((table) => Object.entries(table))) {
    const typed = flagName(key, spec);
    // A command may use the long name of a global flag for a flag of its own.
    if (!known.has(typed)) known.set(typed, { key, typed, name: flagName(key), spec });
  }
  return [...known.values()];
}

/** The flag that the previous word gives without a value, if it needs one. */
function awaitingValue(word: string | undefined, flags: readonly KnownFlag[]): FlagSpec | null {
  if (word === undefined || !word.startsWith("-") || word.includes("=")) return null;
  const isAwaiting = word.startsWith("--")
    ? ({ typed }: KnownFlag) => typed === word
    // In a group of short flags only the last one can lack its value; `-n5` contains its value.
    : ({ spec }: KnownFlag) =>
      spec.short !== undefined && word.endsWith(spec.short) &&
      [...word.slice(1, -1)].every((letter) =>
        flags.some(({ spec }) => spec.short === letter && spec.kind === "boolean")
      );
  const spec = flags.find(isAwaiting)?.spec;
  return spec === undefined || spec.kind === "boolean" ? null : spec;
}

/** Flags that may still be added: not given yet, and no conflict with a given one. */
function freeFlags(tokens: Tokens, flags: readonly KnownFlag[]): readonly Candidate[] {
  const names = new Set(tokens.flags.map((flag) => flag.split("=", 1)[0]!));
  const given = flags.filter(({ name }) => names.has(name));
  const free = flags.filter(({ key, name, spec }) =>
    (!names.has(name) || spec.repeated === true) &&
    !given.some((other) =>
      other.spec.conflicts?.includes(key) || spec.conflicts?.includes(other.key)
    )
  ).map(({ typed, spec }): Candidate => ({ word: typed, summary: spec.summary }));
  const rest = tokens.command?.rest;
  return rest === undefined ? free : [...free, { word: "--", summary: rest.summary }];
}

/** The next words of command names that begin with the prefix. */
function commandWords(
  prefix: readonly string[],
  commands: readonly Command[],
): readonly Candidate[] {
  const start = prefix.map((word) => `${word} `).join("");
  const found = new Map<string, Command[]>();
  for (const command of commands) {
    if (command.hidden || !command.name.startsWith(start)) continue;
    const word = command.name.slice(start.length).split(" ", 1)[0]!;
    found.set(word, [...found.get(word) ?? [], command]);
  }
  return [...found].map(([word, named]) => ({
    word,
    summary: named.length === 1
      ? named[0]!.summary
      : named.map(({ name }) => name.slice(start.length + word.length + 1)).filter(Boolean).join(
        ", ",
      ),
  }));
}

/** The last given value of a flag. */
function valueOf(tokens: Tokens, name: string): string | null {
  const given = tokens.flags.findLast((flag) => flag.startsWith(`${name}=`));
  return given === undefined ? null : given.slice(name.length + 1);
}
