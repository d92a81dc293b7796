/**
 * What the words of a command line are: the command's name, arguments, flags, and the rest.
 *
 * `parseArgs` guesses where the table knows: it takes `true` after a boolean flag for its value, the
 * `n50` of `-vn50` for the value of `-v`, drops an empty value, and makes the name `007` a number.
 * So the words are sorted here first, and it is handed flags alone, each as `--name` or
 * `--name=value`.
 *
 * @module
 */

import {
  type Command,
  COMMON_FLAGS,
  flagName,
  type FlagSpec,
  type FlagTable,
  TOP_FLAGS,
} from "../command.ts";
import { UsageProblem } from "./usage_problem.ts";

/** The sorted words of a command line. */
export interface Tokens {
  /** Null where none was named, or none that is known. */
  readonly command: Command | null;
  /** Words that begin the names of commands but name none, such as `config`. */
  readonly prefix: readonly string[];
  /** The arguments of the command. */
  readonly words: readonly string[];
  /** Flags by their long names: `--name` or `--name=value`. */
  readonly flags: readonly string[];
  /** What follows `--`; null where there is no `--`. */
  readonly rest: readonly string[] | null;
  /** The first thing wrong. The other words are sorted nevertheless. */
  readonly problem: UsageProblem | null;
}

/**
 * Sorts the words of a command line.
 *
 * @param args What the shell passed on.
 * @param commands The commands there are.
 * @returns The words by their meaning, and what is wrong with them.
 */
export function tokenize(args: readonly string[], commands: readonly Command[]): Tokens {
  const end = args.indexOf("--");
  const reader = new TokenReader(commands, end === -1 ? args : args.slice(0, end));
  return reader.read(end === -1 ? null : args.slice(end + 1));
}

/** A flag that the command line may hold at the place that was reached. */
interface KnownFlag {
  /** As it is typed. */
  readonly typed: string;
  /** As it is handed on: no two flags share it. */
  readonly name: string;
  readonly spec: FlagSpec;
}

class TokenReader {
  readonly #commands: readonly Command[];
  readonly #args: readonly string[];
  #position = 0;
  #command: Command | null = null;
  #prefix: string[] = [];
  readonly #words: string[] = [];
  readonly #flags: string[] = [];
  #problem: UsageProblem | null = null;
  #known = knownFlags(null);

  constructor(commands: readonly Command[], args: readonly string[]) {
    this.#commands = commands;
    this.#args = args;
  }

  read(rest: readonly string[] | null): Tokens {
    while (this.#position < this.#args.length) {
      const arg = this.#args[this.#position++]!;
      if (arg.startsWith("--")) this.#readLongFlag(arg);
      else if (arg.startsWith("-") && arg !== "-") this.#readShortFlags(arg);
      else this.#readWord(arg);
    }
    return {
      command: this.#command,
      prefix: this.#prefix,
      words: this.#words,
      flags: this.#flags,
      rest,
      problem: this.#problem,
    };
  }

  #readWord(word: string): void {
    if (this.#command !== null) {
      this.#words.push(word);
      return;
    }
    const name = [...this.#prefix, word].join(" ");
    const command = this.#commands.find((command) => command.name === name);
    if (command !== undefined) {
      this.#command = command;
      this.#prefix = [];
      this.#known = knownFlags(command);
    } else if (this.#commands.some((command) => command.name.startsWith(`${name} `))) {
      this.#prefix.push(word);
    } else {
      const known = this.#commands.filter((command) => !command.hidden).map(({ name }) => name);
      this.#refuse(`hale has no command "${name}".`, { word: name, known });
    }
  }

  #readLongFlag(arg: string): void {
    const equals = arg.indexOf("=");
    const name = equals === -1 ? arg : arg.slice(0, equals);
    const flag = this.#known.find((flag) => flag.typed === name);
    if (flag === undefined) this.#refuseFlag(name);
    else this.#takeFlag(flag, name, equals === -1 ? null : arg.slice(equals + 1));
  }

  #readShortFlags(arg: string): void {
    const letters = [...arg.slice(1)];
    for (const [index, letter] of letters.entries()) {
      const flag = this.#known.find((flag) => flag.spec.short === letter);
      if (flag === undefined) return this.#refuseFlag(`-${letter}`);
      const attached = letters.slice(index + 1).join("");
      if (flag.spec.kind !== "boolean") {
        const value = attached.startsWith("=") ? attached.slice(1) : attached || null;
        return this.#takeFlag(flag, `-${letter}`, value);
      }
      if (attached.startsWith("=")) {
        return this.#takeFlag(flag, `-${letter}`, attached.slice(1));
      }
      this.#takeFlag(flag, `-${letter}`, null);
    }
  }

  /** @param value What was attached to the flag; null where nothing was. */
  #takeFlag({ name, spec }: KnownFlag, typed: string, value: string | null): void {
    if (spec.kind === "boolean") {
      if (value !== null) this.#refuse(`${typed} takes no value, and "${value}" was given.`);
      this.#flags.push(name);
      return;
    }
    if (value === null) {
      const next = this.#args[this.#position];
      if (next === undefined || looksLikeFlag(next)) {
        const way = next === undefined
          ? ""
          : ` A value that begins with a dash is written ${name}=${next}.`;
        return this.#refuse(`${typed} needs a value: ${typed} ${spec.placeholder}.${way}`);
      }
      this.#position++;
      value = next;
    }
    this.#flags.push(`${name}=${value}`);
  }

  #refuseFlag(name: string): void {
    const owner = this.#command === null
      ? this.#commands.find((command) =>
        knownFlags(command).some((flag) => flag.typed === name || `-${flag.spec.short}` === name)
      )
      : undefined;
    if (owner !== undefined) {
      return this.#refuse(`${name} belongs to "hale ${owner.name}": write it after the command.`);
    }
    const who = this.#command === null ? "hale" : `"hale ${this.#command.name}"`;
    const known = this.#known.map(({ typed }) => typed);
    this.#refuse(
      `${who} has no flag ${name}.`,
      name.startsWith("--") ? { word: name, known } : null,
    );
  }

  #refuse(message: string, misspelt: UsageProblem["misspelt"] = null): void {
    this.#problem ??= new UsageProblem(message, misspelt);
  }
}

/** A command's own first: one of them may have taken the long name of one of all commands. */
function knownFlags(command: Command | null): KnownFlag[] {
  const own: FlagTable = command === null ? TOP_FLAGS : command.flags;
  return [...Object.entries(own), ...Object.entries<FlagSpec>(COMMON_FLAGS)]
    .map(([key, spec]) => ({ typed: flagName(key, spec), name: flagName(key), spec }));
}

/** Whether a word is a flag rather than a value. A lone dash and a negative number are values. */
function looksLikeFlag(word: string): boolean {
  return /^-[^\d.]/.test(word);
}
