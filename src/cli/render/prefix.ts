import type { Color, Style } from "../output/color.ts";
import { displayWidth } from "./width.ts";

// Red and yellow are reserved for errors and warnings.
const STYLES = [
  "cyan",
  "green",
  "magenta",
  "blue",
  "brightCyan",
  "brightMagenta",
  "brightBlue",
] as const satisfies readonly Style[];

/**
 * Makes the `name | ` prefixes of lines of several services.
 *
 * @param names All names that will occur: all prefixes are as wide as the widest.
 * @param color Styles texts for the output stream.
 * @returns A function from a name to its prefix. A name has the same color in every run.
 */
export function createPrefix(names: readonly string[], color: Color): (name: string) => string {
  const width = Math.max(0, ...names.map(displayWidth));
  return (name) => {
    const padding = " ".repeat(Math.max(0, width - displayWidth(name)));
    return color(styleOf(name), `${name}${padding} | `);
  };
}

function styleOf(name: string): Style {
  let hash = 0;
  for (const char of name) hash = (hash * 31 + char.codePointAt(0)!) >>> 0;
  return STYLES[hash % STYLES.length]!;
}
