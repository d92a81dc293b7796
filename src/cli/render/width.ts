import { stripAnsiCode } from "@std/fmt/colors";

/**
 * How many columns of a terminal a text fills.
 *
 * Colours fill none, combining marks none of their own, East Asian wide characters and emoji two.
 *
 * @param text One line.
 * @returns Its width in columns.
 */
export function displayWidth(text: string): number {
  const visible = stripAnsiCode(text);
  if (PRINTABLE_ASCII.test(visible)) return visible.length;
  let width = 0;
  for (const { segment } of new Intl.Segmenter().segment(visible)) width += segmentWidth(segment);
  return width;
}

function segmentWidth(segment: string): number {
  if (WIDE.test(segment)) return 2;
  return NO_WIDTH.test(segment) ? 0 : 1;
}

const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
const NO_WIDTH = /^[\p{Cc}\p{Cf}\p{Mn}\p{Me}]+$/u;
// The blocks of Unicode's EastAsianWidth.txt that are W or F, and what is drawn as an emoji.
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
