import { control } from "./terminal_text.ts";

/** SGR codes that begin and end a style (ECMA-48, 8.3.117). */
const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  italic: [3, 23],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
  brightBlue: [94, 39],
  brightMagenta: [95, 39],
  brightCyan: [96, 39],
} as const;

/** A text style of the terminal. */
export type Style = keyof typeof CODES;

/** Styles a text; returns it unchanged on a stream without colors. */
export type Color = (style: Style, text: string) => string;

/** The inputs of {@linkcode wantsColor}. */
export interface ColorOptions {
  /** `--no-color` was given. */
  readonly noColor: boolean;
  readonly isTerminal: boolean;
  readonly env: { get(name: string): string | undefined };
}

/**
 * Decides whether a stream gets colors: never with `--no-color` or `NO_COLOR`, otherwise always with
 * `FORCE_COLOR`, otherwise on a terminal other than `TERM=dumb`.
 *
 * @param options The flag, the stream and the environment.
 * @returns Whether to use colors.
 */
export function wantsColor({ noColor, isTerminal, env }: ColorOptions): boolean {
  // An empty value counts as unset (https://no-color.org, https://force-color.org).
  if (noColor || env.get("NO_COLOR")) return false;
  if (env.get("FORCE_COLOR")) return env.get("FORCE_COLOR") !== "0";
  return isTerminal && env.get("TERM") !== "dumb";
}

/**
 * Makes the styling function of a stream.
 *
 * @param enabled Whether the stream gets colors.
 * @returns A function that styles texts for `TextStream`, or returns them unchanged.
 */
export function createColor(enabled: boolean): Color {
  return enabled ? paint : (_style, text) => text;
}

function paint(style: Style, text: string): string {
  const [start, end] = CODES[style].map((code) => control(`[${code}m`)) as [string, string];
  // A style inside, with the same end, ends this one too: it begins again.
  return start + text.replaceAll(end, start) + end;
}
