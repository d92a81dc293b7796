import { displayWidth } from "./width.ts";

/**
 * Breaks a text into lines between words. A word that is wider than a line is not broken.
 *
 * @param text The text; its words may be styled, each on its own. A line end in it is kept.
 * @param width Columns of a line.
 * @returns The lines, at least one.
 *
 * @example
 * ```ts
 * import { wrapText } from "./wrap.ts";
 * console.log(wrapText("one two three", 8)); // ["one two", "three"]
 * ```
 */
export function wrapText(text: string, width: number): readonly string[] {
  return text.split("\n").flatMap((paragraph) => {
    const lines: string[] = [];
    let line = "";
    for (const word of paragraph.split(" ")) {
      if (line === "") line = word;
      else if (displayWidth(`${line} ${word}`) <= width) line += ` ${word}`;
      else {
        lines.push(line);
        line = word;
      }
    }
    return [...lines, line];
  });
}
