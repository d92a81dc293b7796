import * as colors from "@std/fmt/colors";

/** How a word may look. */
export type Style =
  | "bold"
  | "dim"
  | "red"
  | "green"
  | "yellow"
  | "blue"
  | "magenta"
  | "cyan"
  | "brightBlue"
  | "brightMagenta"
  | "brightCyan";

/** Gives a text a look, or leaves it as it is where there are no colours. */
export type Color = (style: Style, text: string) => string;

/** What decides about colours on one stream. */
export interface ColorCircumstances {
  /** `--no-color` was given. */
  readonly noColor: boolean;
  readonly isTerminal: boolean;
  readonly env: { get(name: string): string | undefined };
}

/**
 * Whether a stream gets colours: never with `--no-color` or `NO_COLOR`, else always with
 * `FORCE_COLOR`, else on a terminal that is not dumb.
 *
 * @param circumstances The flag, the stream, the environment.
 * @returns Whether to color.
 */
export function wantsColor({ noColor, isTerminal, env }: ColorCircumstances): boolean {
  // An empty value is no value (https://no-color.org, https://force-color.org).
  if (noColor || env.get("NO_COLOR")) return false;
  if (env.get("FORCE_COLOR")) return env.get("FORCE_COLOR") !== "0";
  return isTerminal && env.get("TERM") !== "dumb";
}

/**
 * The painter of a stream.
 *
 * @param enabled Whether the stream gets colours.
 * @returns A function that paints, or one that changes nothing.
 */
export function createColor(enabled: boolean): Color {
  return enabled ? (style, text) => colors[style](text) : (_style, text) => text;
}
