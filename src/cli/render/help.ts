/**
 * The text of `--help`, from the command table.
 *
 * @module
 */

import {
  type ArgumentSpec,
  type Command,
  COMMAND_GROUPS,
  COMMON_FLAGS,
  flagName,
  type FlagSpec,
  type FlagTable,
  TOP_FLAGS,
} from "../command.ts";
import type { Color } from "../output/color.ts";
import { displayWidth } from "./width.ts";

/** How help is laid out. */
export interface HelpOptions {
  /** Columns to fill. Lines are broken between words. */
  readonly width: number;
  readonly color: Color;
}

/** The most columns that text is easily read in. */
export const MAX_HELP_WIDTH = 100;

const ABOUT =
  "hale gets a server program onto this machine, starts it so that it outlives whoever " +
  "started it, keeps it healthy, and never forgets what happened.";

/**
 * What `hale --help` shows: every command that is not hidden, under its heading.
 *
 * @param commands The commands there are.
 * @param options How to lay it out.
 * @returns The lines, without a line end after the last.
 */
export function renderOverview(commands: readonly Command[], options: HelpOptions): string {
  const groups = Object.entries(COMMAND_GROUPS).map(([group, heading]) =>
    section(heading, commandRows(commands.filter((command) => command.group === group)), options)
  );
  return joinBlocks([
    wrap(ABOUT, options.width, ""),
    `${options.color("bold", "Usage:")} hale COMMAND [flags] [arguments]`,
    ...groups,
    section("Flags of every command", flagRows({ ...COMMON_FLAGS, ...TOP_FLAGS }), options),
    'To begin: "hale init", then "hale up". To know more: "hale COMMAND --help".',
  ]);
}

/**
 * What `hale config --help` shows, where `config` begins the names of commands but names none.
 *
 * @param commands Those commands.
 * @param options How to lay it out.
 * @returns The lines, without a line end after the last.
 */
export function renderPrefixHelp(commands: readonly Command[], options: HelpOptions): string {
  return section("Commands", commandRows(commands), options);
}

/**
 * What `hale COMMAND --help` shows.
 *
 * @param command The command.
 * @param options How to lay it out.
 * @returns The lines, without a line end after the last.
 */
export function renderCommandHelp(command: Command, options: HelpOptions): string {
  const { color, width } = options;
  const args: Row[] = command.args.map(({ name, summary }) => [name.toUpperCase(), summary]);
  if (command.rest) args.push([`-- ${command.rest.placeholder}`, command.rest.summary]);
  const examples = command.examples.map(({ line, does }) =>
    `  ${line}\n${color("dim", wrap(does, width, "      "))}`
  );
  return joinBlocks([
    `${color("bold", "Usage:")} ${usageLine(command)}`,
    wrap(command.description, width, ""),
    section("Arguments", args, options),
    section("Flags", flagRows(command.flags), options),
    [color("bold", examples.length === 1 ? "Example" : "Examples"), ...examples].join("\n"),
    section("Flags of every command", flagRows(COMMON_FLAGS, command.flags), options),
  ]);
}

function usageLine(command: Command): string {
  const args = command.args.map(argumentUsage);
  if (command.rest) args.push(`[-- ${command.rest.placeholder}]`);
  return ["hale", command.name, "[flags]", ...args].join(" ");
}

function argumentUsage({ name, optional, repeated }: ArgumentSpec): string {
  const word = name.toUpperCase() + (repeated ? "..." : "");
  return optional ? `[${word}]` : word;
}

/** What is explained, and its explanation. */
type Row = readonly [term: string, text: string];

function commandRows(commands: readonly Command[]): Row[] {
  return commands.filter(({ hidden }) => !hidden).map(({ name, summary }) => [name, summary]);
}

/** @param own Flags that may have taken the long names of some of the table. */
function flagRows(table: FlagTable, own: FlagTable = {}): Row[] {
  const flags = Object.entries(table);
  const taken = Object.entries(own).map(([key, spec]) => flagName(key, spec));
  // Long names stand below each other, whether or not there is a short one before them.
  const indent = flags.some(([, { short }]) => short !== undefined) ? "    " : "";
  return flags.map(([key, spec]) => {
    const long = flagName(key, spec);
    const short = spec.short === undefined ? indent : `-${spec.short}, `;
    const value = spec.placeholder === undefined ? "" : ` ${spec.placeholder}`;
    const term = taken.includes(long) ? short.replace(", ", "") : short + long;
    return [term + value, spec.summary + flagNotes(spec)];
  });
}

function flagNotes(spec: FlagSpec): string {
  const notes = [];
  if (spec.repeated) notes.push("may be repeated");
  if (spec.default !== undefined) notes.push(`default: ${spec.default}`);
  if (spec.conflicts) {
    notes.push(`not with ${spec.conflicts.map((key) => flagName(key)).join(", ")}`);
  }
  return notes.length === 0 ? "" : ` (${notes.join("; ")})`;
}

function section(heading: string, rows: readonly Row[], { width, color }: HelpOptions): string {
  if (rows.length === 0) return "";
  const column = Math.max(...rows.map(([term]) => displayWidth(term))) + 4;
  const lines = rows.map(([term, text]) => {
    const indent = " ".repeat(column);
    const padded = `  ${term}`.padEnd(column);
    return padded + wrap(text, width, indent).slice(column);
  });
  return [color("bold", heading), ...lines].join("\n");
}

/** Breaks a text into lines of at most `width` columns, each behind `indent`. */
function wrap(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && displayWidth(`${indent}${line} ${word}`) > width) {
      lines.push(indent + line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, indent + line].join("\n");
}

function joinBlocks(blocks: readonly string[]): string {
  return blocks.filter((block) => block !== "").join("\n\n");
}
