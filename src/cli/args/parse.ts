/**
 * Parses a command line into a command with typed values.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import type { HaleError } from "../../errors.ts";
import {
  type ArgumentValue,
  type Command,
  COMMON_FLAGS,
  type CommonFlags,
  flagName,
  type FlagSpec,
  type FlagTable,
  type FlagValue,
  type FlagValues,
  TOP_FLAGS,
} from "../command.ts";
import { tokenize, type Tokens } from "./lexer.ts";
import { usageError, UsageProblem } from "./usage_problem.ts";

/** A parsed command line. */
export interface CommandLine {
  /** The global flags. Set even if the request is an error: they control how it is reported. */
  readonly common: CommonFlags;
  /** What to run, or a `usage` error. */
  readonly request: CommandRequest | HaleError;
}

/** A command with its arguments and flags. */
export interface CommandRequest {
  readonly command: Command;
  readonly args: Readonly<Record<string, ArgumentValue>>;
  readonly flags: Readonly<Record<string, FlagValue>>;
  /** The words after `--`, unchanged. */
  readonly rest: readonly string[];
}

/**
 * Parses a command line.
 *
 * `--help` and a missing command become the command `help`, `--version` becomes `version`.
 *
 * @param args The arguments of the process.
 * @param commands All commands, including `help` and `version`.
 * @returns The request, or the error. Nothing is thrown.
 */
export async function parseCommandLine(
  args: readonly string[],
  commands: readonly Command[],
): Promise<CommandLine> {
  const tokens = tokenize(args, commands);
  const given = givenFlags(tokens);
  let common = switchesOf(given);
  try {
    refuseReplaced(args);
    if (tokens.problem !== null) throw tokens.problem;
    common = { ...common, ...await flagValues({ config, home, quiet, verbose }, given) };
    return { common, request: await requestOf(tokens, given, commands) };
  } catch (problem) {
    if (!(problem instanceof UsageProblem)) throw problem;
    return { common, request: await usageError(problem, tokens.command?.name ?? null) };
  }
}

/** Deno replaces what is not UTF-8 in an argument by U+FFFD: a service would get other bytes. */
function refuseReplaced(args: readonly string[]): void {
  const index = args.findIndex((arg) => arg.includes("\ufffd"));
  if (index === -1) return;
  throw new UsageProblem(`Argument ${index + 1}, ${JSON.stringify(args[index])}, is not UTF-8.`);
}

const { config, home, quiet, verbose } = COMMON_FLAGS;

/** Values of the given flags as typed, by key. */
type GivenFlags = ReadonlyMap<string, readonly string[]>;

function givenFlags(tokens: Tokens): GivenFlags {
  const table: FlagTable = { ...TOP_FLAGS, ...COMMON_FLAGS, ...tokens.command?.flags };
  const keys = Object.keys(table).map((key) => ({ key, long: flagName(key).slice(2) }));
  const isBoolean = ({ key }: { key: string }) => table[key]!.kind === "boolean";
  const valued = keys.filter((flag) => !isBoolean(flag)).map(({ long }) => long);
  const parsed = parseArgs(tokens.flags, {
    boolean: keys.filter(isBoolean).map(({ long }) => long),
    string: valued,
    collect: valued,
  });
  const given = new Map<string, readonly string[]>();
  for (const { key, long } of keys) {
    const value = parsed[long];
    if (value === true) given.set(key, []);
    else if (Array.isArray(value) && value.length > 0) given.set(key, value);
  }
  return given;
}

/** The global flags without a value. They cannot be wrong, and control how a mistake is reported. */
function switchesOf(given: GivenFlags): CommonFlags {
  return {
    config: null,
    home: null,
    json: given.has("json"),
    quiet: given.has("quiet"),
    verbose: given.has("verbose"),
    noColor: given.has("noColor"),
  };
}

async function requestOf(
  tokens: Tokens,
  given: GivenFlags,
  commands: readonly Command[],
): Promise<CommandRequest> {
  const named = (name: string) => commands.find((command) => command.name === name)!;
  const words = tokens.command === null ? tokens.prefix : tokens.command.name.split(" ");
  if (given.has("help")) return helpRequest(named("help"), words);
  if (given.has("version")) return { command: named("version"), args: {}, flags: {}, rest: [] };
  if (tokens.command === null) {
    if (tokens.prefix.length === 0) return helpRequest(named("help"), []);
    const prefix = `${tokens.prefix.join(" ")} `;
    const subcommands = commands.filter(({ name }) => name.startsWith(prefix))
      .map(({ name }) => name.slice(prefix.length));
    throw new UsageProblem(
      `"hale ${prefix.trim()}" needs a subcommand: ${subcommands.join(", ")}.`,
    );
  }
  const { command } = tokens;
  return {
    command,
    flags: await flagValues(command.flags, given),
    ...argumentValues(command, tokens),
  };
}

/** `hale logs --help` is `hale help --command logs`: never the topic of the same name. */
function helpRequest(help: Command, words: readonly string[]): CommandRequest {
  return { command: help, args: { topic: words }, flags: { command: true }, rest: [] };
}

function argumentValues(
  command: Command,
  { words, rest }: Tokens,
): Pick<CommandRequest, "args" | "rest"> {
  if (command.rest !== undefined && rest?.length === 0) {
    throw new UsageProblem(`"hale ${command.name}" needs ${command.rest.placeholder} after --.`);
  }
  // For a command without a rest, -- ends the flags (POSIX utility conventions, guideline 10).
  const left = command.rest === undefined ? [...words, ...rest ?? []] : [...words];
  const args: Record<string, ArgumentValue> = {};
  for (const spec of command.args) {
    if (left.length === 0 && !spec.optional) {
      throw new UsageProblem(`"hale ${command.name}" needs ${spec.name.toUpperCase()}.`);
    }
    args[spec.name] = spec.repeated ? left.splice(0) : left.shift() ?? null;
  }
  if (left.length > 0) {
    const takes = command.args.length === 0
      ? "takes no arguments"
      : `takes only ${command.args.map(({ name }) => name.toUpperCase()).join(" ")}`;
    throw new UsageProblem(`"hale ${command.name}" ${takes}; remove "${left[0]}".`);
  }
  return { args, rest: command.rest === undefined ? [] : rest ?? [] };
}

async function flagValues<F extends FlagTable>(
  table: F,
  given: GivenFlags,
): Promise<FlagValues<F>> {
  const values: Record<string, FlagValue> = {};
  for (const [key, spec] of Object.entries(table)) {
    const texts = given.get(key);
    const name = flagName(key, spec);
    if (spec.kind === "boolean") values[key] = texts !== undefined;
    else if (spec.repeated) values[key] = texts ?? [];
    else if (texts === undefined) {
      values[key] = spec.default === undefined ? null : await readValue(name, spec, spec.default);
    } else if (texts.length > 1) {
      const list = texts.map((text) => JSON.stringify(text)).join(" and ");
      throw new UsageProblem(`${name} is given more than once: ${list}. Keep one.`);
    } else values[key] = await readValue(name, spec, texts[0]!);
    if (texts === undefined) continue;
    const other = spec.conflicts?.find((other) => given.has(other));
    if (other !== undefined) {
      throw new UsageProblem(
        `${name} and ${flagName(other, table[other])} cannot be combined. Keep one.`,
      );
    }
  }
  return values as FlagValues<F>;
}

async function readValue(
  name: string,
  spec: FlagSpec,
  text: string,
): Promise<string | number> {
  switch (spec.kind) {
    case "number":
      return readWholeNumber(name, text, spec.min ?? 0);
    case "duration":
      return await readDuration(name, text);
    case "path":
      if (text === "") throw new UsageProblem(`${name} is empty: it needs a path.`);
      return text;
    default:
      return text;
  }
}

function readWholeNumber(name: string, text: string, min: number): number {
  const number = /^-?\d+$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(number) && number >= min) return number;
  throw new UsageProblem(
    `${name} must be a whole number, ${min} or more; got ${JSON.stringify(text)}.`,
  );
}

async function readDuration(name: string, text: string): Promise<number> {
  // Loaded only when a time was given, to keep start-up short.
  const { DURATION_FORMAT, parseDuration } = await import("../../text/parse_duration.ts");
  const ms = parseDuration(text);
  if (ms !== null) return ms;
  throw new UsageProblem(`${name} must be ${DURATION_FORMAT}; got ${JSON.stringify(text)}.`);
}
