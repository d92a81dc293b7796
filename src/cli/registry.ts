/**
 * Every command of hale. Parsing, help, suggestions and completions come from this table alone.
 *
 * `load` in the table says what it returns: the type of a command would else depend on the file of
 * the command, which takes its own types from here.
 *
 * @module
 */

import type { Command, Invocation } from "./command.ts";
import { EVERYDAY_COMMANDS } from "./command_table/everyday.ts";
import { LOOK_COMMANDS } from "./command_table/look.ts";
import { MORE_COMMANDS } from "./command_table/more.ts";
import { RESOLVE_COMMANDS } from "./command_table/resolve.ts";

/** Every command, in the order of `hale --help`. */
export const COMMANDS = [
  ...EVERYDAY_COMMANDS,
  ...LOOK_COMMANDS,
  ...RESOLVE_COMMANDS,
  ...MORE_COMMANDS,
] as const satisfies readonly Command[];

/** The name of a command. */
export type CommandName = (typeof COMMANDS)[number]["name"];

/** A command line for one command, with the types of its arguments and flags. */
export type InvocationOf<N extends CommandName> = Invocation<
  Extract<(typeof COMMANDS)[number], { readonly name: N }>
>;
