/**
 * The description of a command. Parsing, help, suggestions and completions are derived from it.
 *
 * @module
 */

import type { Interruption } from "./interruption.ts";
import type { Output } from "./output/output.ts";

/** One command, as data. */
export interface CommandSpec {
  /** What the user types after `hale`; may be two words. */
  readonly name: string;
  /** The heading under which `hale --help` lists it. */
  readonly group: CommandGroup;
  /** One line in the imperative, without a full stop. */
  readonly summary: string;
  /** Two or three whole sentences: what it does, its side effects, its exit status. */
  readonly description: string;
  readonly args: readonly ArgumentSpec[];
  /** Set if the command takes the words after `--`. */
  readonly rest?: RestSpec;
  readonly flags: FlagTable;
  readonly examples: readonly [ExampleSpec, ...ExampleSpec[]];
  /**
   * Whether the command changes neither services nor files. Only such a command is suggested for a
   * mistyped one: a suggestion may be run without being read. @default false
   */
  readonly readOnly?: boolean;
  /**
   * Whether SIGTERM is the regular end of the command, as for a service. The exit status is then that
   * of `run` and not 130: systemd and container runtimes treat any status but 0 as a failure.
   */
  readonly endsOnSigterm?: boolean;
  /** Whether lists omit the command; it still works and has help. */
  readonly hidden?: boolean;
}

/** A command with its code, which is loaded when the command runs. */
export interface Command extends CommandSpec {
  /** An `import()` with a literal path, which the bundler can follow. */
  readonly load: () => Promise<CommandModule>;
}

/** Headings of `hale --help`, in order. */
export const COMMAND_GROUPS = {
  services: "Services",
  observe: "Observe",
  executables: "Executables",
  more: "More",
} as const;

/** Key of a heading of `hale --help`. */
export type CommandGroup = keyof typeof COMMAND_GROUPS;

/** A positional argument. Required ones come first, a repeated one last. */
export interface ArgumentSpec {
  /** Key in {@linkcode Invocation.args}; shown in upper case. */
  readonly name: string;
  readonly summary: string;
  readonly optional?: boolean;
  /** Takes all remaining words; at least one unless optional. */
  readonly repeated?: boolean;
  /** What a shell offers for it. */
  readonly completes?: Completion;
}

/** What a shell offers for an argument or the value of a flag. */
export type Completion = "service" | "topic" | "preset" | "shell";

/** The words after `--`, which are passed on unchanged. */
export interface RestSpec {
  /** For the usage line, such as `COMMAND [ARG...]`. */
  readonly placeholder: string;
  readonly summary: string;
}

/** Flags of a command. The key is the long name in camelCase: `idleTimeout` is `--idle-timeout`. */
export type FlagTable = Readonly<Record<string, FlagSpec>>;

/** One flag. */
export interface FlagSpec {
  /**
   * Type of the value: none, any text, a path (not empty), a whole number, or a time with a unit
   * (parsed to milliseconds).
   */
  readonly kind: "boolean" | "string" | "path" | "number" | "duration";
  readonly short?: string;
  /**
   * Long name without dashes, if it differs from the key's. It may be the long name of a global
   * flag, which then has only its short name in this command. @default derived from the key
   */
  readonly long?: string;
  /** Name of the value in help, such as `FILE`. Required for every kind but `boolean`. */
  readonly placeholder?: string;
  /** One line in the imperative, without a full stop. */
  readonly summary: string;
  /** As the user would type it. Without a default, an absent flag is `null` (`false` for a boolean). */
  readonly default?: string;
  /** The smallest number allowed. @default 0 */
  readonly min?: number;
  /** Whether the flag may be repeated; its value is then a list. Only for `string`. */
  readonly repeated?: boolean;
  /** Keys of flags that cannot be combined with this one. */
  readonly conflicts?: readonly string[];
  readonly completes?: Completion;
}

/** A valid command line, and what it does. */
export interface ExampleSpec {
  readonly line: string;
  readonly does: string;
}

/** Exports of a command's `run.ts`. */
export interface CommandModule {
  /**
   * Runs the command.
   *
   * @returns The exit status.
   * @throws {HaleError} If the command fails; the error determines the exit status.
   */
  // A method, not a property: methods are bivariant, so a command can narrow the invocation.
  run(invocation: Invocation): Promise<number>;
}

/** A parsed command line. `C` narrows the arguments and flags to those of one command. */
export interface Invocation<C extends CommandSpec = CommandSpec> {
  readonly command: Command;
  /** All commands, for help and completions. */
  readonly commands: readonly Command[];
  readonly args: ArgumentValues<C>;
  readonly flags: FlagValues<C["flags"]>;
  /** The words after `--`, for commands with {@linkcode CommandSpec.rest}. */
  readonly rest: readonly string[];
  readonly common: CommonFlags;
  readonly output: Output;
  /** Aborts on SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** Source of `signal`, for a command that handles the second interruption too. */
  readonly interruption: Interruption;
}

/** Values of a command's arguments by name; `null` if an optional one is absent. */
export type ArgumentValues<C extends CommandSpec> = {
  readonly [A in C["args"][number] as A["name"]]: A extends { readonly repeated: true }
    ? readonly string[]
    : A extends { readonly optional: true } ? string | null
    : A extends { readonly name: infer N } ? string extends N ? ArgumentValue : string
    : never;
};

/** The value of any argument. */
export type ArgumentValue = string | null | readonly string[];

/** Values of flags by key. */
export type FlagValues<F extends FlagTable> = { readonly [K in keyof F]: FlagValueOf<F[K]> };

/** The value of any flag. */
export type FlagValue = boolean | string | number | null | readonly string[];

type FlagValueOf<S extends FlagSpec> = FlagSpec["kind"] extends S["kind"] ? FlagValue
  : S["kind"] extends "boolean" ? boolean
  : S extends { readonly repeated: true } ? readonly string[]
  :
    | (S["kind"] extends "number" | "duration" ? number : string)
    | (S extends { readonly default: string } ? never : null);

/** Global flags: every command takes them, before or after its name. */
export const COMMON_FLAGS = {
  config: {
    kind: "path",
    short: "c",
    placeholder: "FILE",
    summary: "Configuration file (default: hale.toml in this folder or the nearest one above)",
  },
  home: {
    kind: "path",
    placeholder: "DIR",
    summary: "Folder for state, logs and cache (default: $HALE_HOME, or ~/.hale)",
  },
  json: { kind: "boolean", summary: "Print results as JSON on standard output" },
  quiet: { kind: "boolean", short: "q", summary: "Print only results, warnings and errors" },
  verbose: { kind: "boolean", short: "v", summary: "Print more messages", conflicts: ["quiet"] },
  noColor: { kind: "boolean", summary: "Disable colors (also: NO_COLOR=1)" },
  help: { kind: "boolean", short: "h", summary: "Show help" },
} as const satisfies FlagTable;

/** Flags that are valid only without a command. */
export const TOP_FLAGS = {
  version: { kind: "boolean", summary: "Show the version of hale" },
} as const satisfies FlagTable;

/** Values of the global flags. */
export type CommonFlags = Omit<FlagValues<typeof COMMON_FLAGS>, "help">;

/**
 * Returns the long name of a flag.
 *
 * @param key The key in a {@linkcode FlagTable}.
 * @param spec The flag, whose name may differ from its key.
 * @returns The name as it is typed: `--idle-timeout` for `idleTimeout`.
 */
export function flagName(key: string, spec?: FlagSpec): string {
  if (spec?.long !== undefined) return `--${spec.long}`;
  return "--" + key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
