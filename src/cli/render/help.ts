/**
 * Renders help texts from the command table.
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
import { wrapText } from "./wrap.ts";

/** Layout of help texts. */
export interface HelpOptions {
  /** Columns available. Lines are broken between words. */
  readonly width: number;
  readonly color: Color;
}

/** Settings of {@linkcode renderOverview}. */
export interface OverviewOptions extends HelpOptions {
  /** Topics of the manual. Without summaries, only the names are listed. */
  readonly topics: readonly { readonly name: string; readonly summary?: string }[];
}

/** Settings of {@linkcode renderCommandHelp}. */
export interface CommandHelpOptions extends HelpOptions {
  /** Whether the manual has a topic with the name of the command. @default false */
  readonly hasTopic?: boolean;
}

/** Settings of {@linkcode renderPrefixHelp}. */
export interface PrefixHelpOptions extends CommandHelpOptions {
  readonly subcommands: readonly Command[];
}

/** Longer lines are hard to read. */
export const MAX_HELP_WIDTH = 100;

const ABOUT =
  "hale installs, starts, health-checks and supervises server programs. Services keep " +
  "running after the command and the terminal have ended.";

/**
 * Renders `hale help` and `hale --help`: commands by group, global flags, topics.
 *
 * @param commands All commands; hidden ones are omitted.
 * @param options The layout and the topics.
 * @returns The lines, without a line end after the last.
 */
export function renderOverview(commands: readonly Command[], options: OverviewOptions): string {
  const { width, color, topics } = options;
  const groups = Object.entries(COMMAND_GROUPS).map(([group, heading]) =>
    section(heading, commandRows(commands.filter((command) => command.group === group)), options)
  );
  const names = topics.map(({ name }) => name).join(", ");
  const manual = topics.some(({ summary }) => summary !== undefined)
    ? section("Topics", topics.map(({ name, summary = "" }) => [name, summary]), options)
    : [color("bold", "Topics"), wrap(names, width, "  ")].join("\n");
  return joinBlocks([
    wrap(ABOUT, width, ""),
    `${color("bold", "Usage:")} hale COMMAND [flags] [arguments]`,
    ...groups,
    section(GLOBAL_FLAGS, flagRows({ ...COMMON_FLAGS, ...TOP_FLAGS }), options),
    topics.length === 0 ? "" : manual,
    "Get started: `hale init`, put your command into hale.toml, then `hale up`.\n" +
    "Details: `hale COMMAND --help` for a command, `hale help TOPIC` for a topic.",
  ]);
}

const GLOBAL_FLAGS = "Global flags";

/**
 * Renders `hale config --help`: the subcommands of a word that is not a command itself.
 *
 * @param prefix The word.
 * @param options The layout and the subcommands.
 * @returns The lines, without a line end after the last.
 */
export function renderPrefixHelp(prefix: string, options: PrefixHelpOptions): string {
  const { color, subcommands, hasTopic = false } = options;
  return joinBlocks([
    `${color("bold", "Usage:")} hale ${prefix} COMMAND [flags] [arguments]`,
    section("Commands", commandRows(subcommands), options),
    hasTopic ? manualLine(prefix) : "",
  ]);
}

/**
 * Renders `hale COMMAND --help`.
 *
 * @param command The command.
 * @param options The layout.
 * @returns The lines, without a line end after the last.
 */
export function renderCommandHelp(command: Command, options: CommandHelpOptions): string {
  const { color, width, hasTopic = false } = options;
  const args: Row[] = command.args.map(({ name, summary }) => [name.toUpperCase(), summary]);
  if (command.rest) args.push([`-- ${command.rest.placeholder}`, command.rest.summary]);
  const examples = command.examples.map(({ line, does }) =>
    `  ${line}\n${color("dim", wrap(does, width, "      "))}`
  );
  return joinBlocks([
    wrap(command.description, width, ""),
    `${color("bold", "Usage:")} ${usageLine(command)}`,
    section("Arguments", args, options),
    section("Flags", flagRows(command.flags), options),
    section(GLOBAL_FLAGS, flagRows(COMMON_FLAGS, command.flags), options),
    [color("bold", examples.length === 1 ? "Example" : "Examples"), ...examples].join("\n"),
    hasTopic ? manualLine(command.name.split(" ", 1)[0]!) : "",
  ]);
}

function manualLine(topic: string): string {
  return `Manual: \`hale help ${topic}\``;
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

/** A term and its explanation. */
type Row = readonly [term: string, text: string];

function commandRows(commands: readonly Command[]): Row[] {
  return commands.filter(({ hidden }) => !hidden).map(({ name, summary }) => [name, summary]);
}

/** @param own Flags of the command, which may use long names of the table. */
function flagRows(table: FlagTable, own: FlagTable = {}): Row[] {
  const flags = Object.entries(table);
  const taken = Object.entries(own).map(([key, spec]) => flagName(key, spec));
  // Aligns the long names of flags with and without a short name.
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
  if (spec.repeated) notes.push("repeatable");
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

/** Wraps a text with each line indented. */
function wrap(text: string, width: number, indent: string): string {
  return wrapText(text, width - indent.length).map((line) => indent + line).join("\n");
}

function joinBlocks(blocks: readonly string[]): string {
  return blocks.filter((block) => block !== "").join("\n\n");
}
