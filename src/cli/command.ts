/**
 * The shape of a command: what it is called, takes and does. Parsing, help, suggestions and
 * completions all come from it.
 *
 * @module
 */

import type { Output } from "./output/output.ts";

/** One command, as data. */
export interface CommandSpec {
  /** What is typed after `hale`; may be two words. */
  readonly name: string;
  /** The heading under which `hale --help` lists it. */
  readonly group: CommandGroup;
  /** One line, without a full stop. */
  readonly summary: string;
  /** What a person should know before using it: whole sentences. */
  readonly description: string;
  readonly args: readonly ArgumentSpec[];
  /** Set where the command takes what follows `--`. */
  readonly rest?: RestSpec;
  readonly flags: FlagTable;
  readonly examples: readonly [ExampleSpec, ...ExampleSpec[]];
  /**
   * Whether it runs until it is told to end, as a service does. SIGTERM is then no interruption but
   * its regular end: other supervisors (systemd, a container's) take any status but 0 for a failure.
   */
  readonly endsOnSigterm?: boolean;
  /** Left out of lists; still works, and `--help` explains it. */
  readonly hidden?: boolean;
}

/** A command with its code, which is loaded when it runs. */
export interface Command extends CommandSpec {
  /** An `import()` with a literal path, which `deno compile` can follow. */
  readonly load: () => Promise<CommandModule>;
}

/** Headings of `hale --help`, in their order. */
export const COMMAND_GROUPS = {
  everyday: "Every day",
  look: "Look",
  resolve: "Resolve",
  more: "More",
} as const;

/** One of the headings of `hale --help`. */
export type CommandGroup = keyof typeof COMMAND_GROUPS;

/** A positional argument. Required ones come first, a repeated one last. */
export interface ArgumentSpec {
  /** Its key in {@linkcode Invocation}; shown in upper case. */
  readonly name: string;
  readonly summary: string;
  readonly optional?: boolean;
  /** Takes all that is left; at least one unless optional. */
  readonly repeated?: boolean;
  /** What a shell may offer for it. */
  readonly completes?: Completion;
}

/** What a shell may offer for an argument or a flag's value. */
export type Completion = "service" | "command" | "preset" | "shell";

/** What a command does with all that follows `--`, untouched. */
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
   * What its value is: nothing, any text, a path (not empty), a whole number, or a time with a unit
   * (which arrives in milliseconds).
   */
  readonly kind: "boolean" | "string" | "path" | "number" | "duration";
  readonly short?: string;
  /**
   * The long name without its dashes, where the key's own is taken: it may be that of a flag of every
   * command, which then goes by its short name alone. @default made of the key
   */
  readonly long?: string;
  /** Stands for the value in help, such as `FILE`. Every kind but `boolean` has one. */
  readonly placeholder?: string;
  readonly summary: string;
  /** As a person would type it. Without one an absent flag is `null` (`false` for a boolean). */
  readonly default?: string;
  /** The least number allowed. @default 0 */
  readonly min?: number;
  /** Whether it may be given several times; its value is then a list. Only for `string`. */
  readonly repeated?: boolean;
  /** Keys of flags that make no sense beside it. */
  readonly conflicts?: readonly string[];
  readonly completes?: Completion;
}

/** A command line that works, and what it does. */
export interface ExampleSpec {
  readonly line: string;
  readonly does: string;
}

/** What the file of a command exports. */
export interface CommandModule {
  /**
   * Does the work.
   *
   * @returns The exit status.
   * @throws {HaleError} If it could not be done; the status is then the error's.
   */
  // A method, not a property: its parameter may be the narrower invocation of one command.
  run(invocation: Invocation): Promise<number>;
}

/** A command line that was understood. `C` makes the arguments and flags those of one command. */
export interface Invocation<C extends CommandSpec = CommandSpec> {
  readonly command: Command;
  /** Every command there is: for help and completions. */
  readonly commands: readonly Command[];
  readonly args: ArgumentValues<C>;
  readonly flags: FlagValues<C["flags"]>;
  /** What follows `--`, for commands with {@linkcode Command.rest}. */
  readonly rest: readonly string[];
  readonly common: CommonFlags;
  readonly output: Output;
  /** Aborts when the person interrupts. */
  readonly signal: AbortSignal;
}

/** Values of a command's arguments by name: `null` where an optional one is absent. */
export type ArgumentValues<C extends CommandSpec> = {
  readonly [A in C["args"][number] as A["name"]]: A extends { readonly repeated: true }
    ? readonly string[]
    : A extends { readonly optional: true } ? string | null
    : A extends { readonly name: infer N } ? string extends N ? ArgumentValue : string
    : never;
};

/** The value of one argument, whichever. */
export type ArgumentValue = string | null | readonly string[];

/** Values of flags by key. */
export type FlagValues<F extends FlagTable> = { readonly [K in keyof F]: FlagValueOf<F[K]> };

/** The value of one flag, whichever. */
export type FlagValue = boolean | string | number | null | readonly string[];

type FlagValueOf<S extends FlagSpec> = FlagSpec["kind"] extends S["kind"] ? FlagValue
  : S["kind"] extends "boolean" ? boolean
  : S extends { readonly repeated: true } ? readonly string[]
  :
    | (S["kind"] extends "number" | "duration" ? number : string)
    | (S extends { readonly default: string } ? never : null);

/** Flags that every command takes, before or after its name. */
export const COMMON_FLAGS = {
  config: {
    kind: "path",
    short: "c",
    placeholder: "FILE",
    summary: "the configuration (else hale.toml here or in a folder above)",
  },
  home: {
    kind: "path",
    placeholder: "DIR",
    summary: "where hale keeps its state (else $HALE_HOME, else ~/.hale)",
  },
  json: { kind: "boolean", summary: "results as JSON on standard output, and nothing else there" },
  quiet: { kind: "boolean", short: "q", summary: "no messages, only results, warnings and errors" },
  verbose: { kind: "boolean", short: "v", summary: "more messages", conflicts: ["quiet"] },
  noColor: { kind: "boolean", summary: "no colours (also by NO_COLOR)" },
  help: { kind: "boolean", short: "h", summary: "explain the command" },
} as const satisfies FlagTable;

/** Flags that stand only where no command does. */
export const TOP_FLAGS = {
  version: { kind: "boolean", summary: "the version of hale" },
} as const satisfies FlagTable;

/** What the flags that every command takes were set to. */
export type CommonFlags = Omit<FlagValues<typeof COMMON_FLAGS>, "help">;

/**
 * The long name of a flag.
 *
 * @param key Its key in a {@linkcode FlagTable}.
 * @param spec The flag, which may have another name than that of its key.
 * @returns As it is typed: `--idle-timeout` for `idleTimeout`.
 */
export function flagName(key: string, spec?: FlagSpec): string {
  if (spec?.long !== undefined) return `--${spec.long}`;
  return "--" + key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
