import * as colors from "@std/fmt/colors";

/** A text style of the terminal. */
export type Style =
  | "bold"
  | "dim"
  | "italic"
  | "red"
  | "green"
  | "yellow"
  | "blue"
  | "magenta"
  | "cyan"
  | "brightBlue"
  | "brightMagenta"
  | "brightCyan";

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
 * @returns A function that styles texts, or returns them unchanged.
 */
export function createColor(enabled: boolean): Color {
  return enabled ? (style, text) => colors[style](text) : (_style, text) => text;
}
