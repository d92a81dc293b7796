/**
 * Splits a command line into the command's name, arguments, flags, and the words after `--`.
 *
 * `parseArgs` does not know the kinds of the flags: it takes `true` after a boolean flag as its
 * value and the `n50` of `-vn50` as the value of `-v`, drops an empty value, and turns the name `007`
 * into a number. Therefore the words are classified here, and `parseArgs` gets only flags, each as
 * `--name` or `--name=value`.
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

/** The classified words of a command line. */
export interface Tokens {
  /** Null if no command or an unknown one was named. */
  readonly command: Command | null;
  /** The first words of longer command names, such as `config`. */
  readonly prefix: readonly string[];
  /** The arguments of the command. */
  readonly words: readonly string[];
  /** Flags by their long names: `--name` or `--name=value`. */
  readonly flags: readonly string[];
  /** The words after `--`; null without `--`. */
  readonly rest: readonly string[] | null;
  /** The first mistake. The other words are classified nevertheless. */
  readonly problem: UsageProblem | null;
}

/**
 * Classifies the words of a command line.
 *
 * @param args The arguments of the process.
 * @param commands All commands.
 * @returns The words by kind, and the first mistake.
 */
export function tokenize(args: readonly string[], commands: readonly Command[]): Tokens {
  const end = args.indexOf("--");
  const reader = new TokenReader(commands, end === -1 ? args : args.slice(0, end));
  return reader.read(end === -1 ? null : args.slice(end + 1));
}

/** A flag that is valid at the current position. */
interface KnownFlag {
  /** Long name as the user types it. */
  readonly typed: string;
  /** Long name in {@linkcode Tokens.flags}: unique. */
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
      const known = this.#commands.filter(({ hidden, readOnly }) => readOnly && !hidden)
        .map(({ name }) => name);
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

  /** @param value The value attached to the flag; null if there is none. */
  #takeFlag({ name, spec }: KnownFlag, typed: string, value: string | null): void {
    if (spec.kind === "boolean") {
      if (value !== null) this.#refuse(`${typed} takes no value, but "${value}" was given.`);
      this.#flags.push(name);
      return;
    }
    if (value === null) {
      const next = this.#args[this.#position];
      if (next === undefined || looksLikeFlag(next)) {
        const hint = next === undefined
          ? ""
          : ` If the value begins with a dash, write ${name}=${next}.`;
        return this.#refuse(`${typed} needs a value: ${typed} ${spec.placeholder}.${hint}`);
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
      return this.#refuse(`${name} is a flag of "hale ${owner.name}": write it after the command.`);
    }
    const subject = this.#command === null ? "hale" : `"hale ${this.#command.name}"`;
    const known = this.#known.map(({ typed }) => typed);
    this.#refuse(
      `${subject} has no flag ${name}.`,
      name.startsWith("--") ? { word: name, known } : null,
    );
  }

  #refuse(message: string, misspelt: UsageProblem["misspelt"] = null): void {
    this.#problem ??= new UsageProblem(message, misspelt);
  }
}

/** The command's own flags first: one of them may use the long name of a global flag. */
function knownFlags(command: Command | null): KnownFlag[] {
  const own: FlagTable = command === null ? TOP_FLAGS : command.flags;
  return [...Object.entries(own), ...Object.entries<FlagSpec>(COMMON_FLAGS)]
    .map(([key, spec]) => ({ typed: flagName(key, spec), name: flagName(key), spec }));
}

/** Whether a word is a flag. A single dash and a negative number are values. */
function looksLikeFlag(word: string): boolean {
  return /^-[^\d.]/.test(word);
}
