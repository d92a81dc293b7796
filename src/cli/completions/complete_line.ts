/**
 * What fits at the end of a command line that is being typed, from the command table.
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

/** A word that fits, and what it means. */
export interface Candidate {
  readonly word: string;
  /** One line; empty where the word says it all. */
  readonly summary: string;
}

/** What fits, before anything outside the command table was asked. */
export type Fitting =
  | { readonly kind: "words"; readonly candidates: readonly Candidate[] }
  /** Names that only the surroundings know; each has to follow `prefix`. */
  | {
    readonly kind: "names";
    readonly of: Completion;
    /** What the word holds before the name, such as `--preset=`. */
    readonly prefix: string;
    /** Names that stand in the line already. */
    readonly taken: readonly string[];
  }
  | { readonly kind: "files" }
  | { readonly kind: "folders" }
  /** Another command and its arguments, after `--`. */
  | { readonly kind: "command" };

/** What fits at the end of a line. */
export interface CompletedLine {
  readonly fitting: Fitting;
  /** What `--config` and `--home` say in the line: names are looked for there. */
  readonly config: string | null;
  readonly home: string | null;
}

const NOTHING: Fitting = { kind: "words", candidates: [] };

/**
 * Finds what fits as the last word of a line.
 *
 * @param words The words after `hale`; the last one is being typed and may be empty.
 * @param commands The commands there are.
 * @returns What fits, whatever the last word begins with.
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
  if (argument.completes === "command") {
    return { kind: "words", candidates: commandWords(given, commands) };
  }
  return { kind: "names", of: argument.completes, prefix: "", taken: given };
}

function fittingValue(spec: FlagSpec, prefix: string): Fitting {
  if (spec.kind === "path") return { kind: spec.placeholder === "DIR" ? "folders" : "files" };
  if (spec.completes === undefined) return NOTHING;
  return { kind: "names", of: spec.completes, prefix, taken: [] };
}

interface KnownFlag {
  readonly key: string;
  /** As it is typed. */
  readonly typed: string;
  /** As {@linkcode Tokens.flags} has it. */
  readonly name: string;
  readonly spec: FlagSpec;
}

function flagsOf(command: Command | null): readonly KnownFlag[] {
  const known = new Map<string, KnownFlag>();
  const tables: readonly FlagTable[] = [command?.flags ?? TOP_FLAGS, COMMON_FLAGS];
  for (const [key, spec] of tables.flatMap((table) => Object.entries(table))) {
    const typed = flagName(key, spec);
    // A command may take the long name of a common flag for its own.
    if (!known.has(typed)) known.set(typed, { key, typed, name: flagName(key), spec });
  }
  return [...known.values()];
}

/** The flag that the word before leaves without its value. */
function awaitingValue(word: string | undefined, flags: readonly KnownFlag[]): FlagSpec | null {
  if (word === undefined || !word.startsWith("-") || word.includes("=")) return null;
  const isIt = word.startsWith("--")
    ? ({ typed }: KnownFlag) => typed === word
    // `-n5` has its value: only the last letter of what is all letters of flags can lack one.
    : ({ spec }: KnownFlag) =>
      spec.short !== undefined && word.endsWith(spec.short) &&
      [...word.slice(1, -1)].every((letter) =>
        flags.some(({ spec }) => spec.short === letter && spec.kind === "boolean")
      );
  const spec = flags.find(isIt)?.spec;
  return spec === undefined || spec.kind === "boolean" ? null : spec;
}

/** Flags that may still be given: not a second time, and not beside one that excludes them. */
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

/** The words that a command's name may go on with. */
function commandWords(
  prefix: readonly string[],
  commands: readonly Command[],
): readonly Candidate[] {
  const begin = prefix.map((word) => `${word} `).join("");
  const found = new Map<string, Command[]>();
  for (const command of commands) {
    if (command.hidden || !command.name.startsWith(begin)) continue;
    const word = command.name.slice(begin.length).split(" ", 1)[0]!;
    found.set(word, [...found.get(word) ?? [], command]);
  }
  return [...found].map(([word, named]) => ({
    word,
    summary: named.length === 1
      ? named[0]!.summary
      : named.map(({ name }) => name.slice(begin.length + word.length + 1)).filter(Boolean).join(
        ", ",
      ),
  }));
}

/** The last value that a flag was given. */
function valueOf(tokens: Tokens, name: string): string | null {
  const given = tokens.flags.findLast((flag) => flag.startsWith(`${name}=`));
  return given === undefined ? null : given.slice(name.length + 1);
}
