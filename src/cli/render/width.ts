import { withoutControls } from "../output/terminal_text.ts";

/**
 * Returns the number of terminal columns that a text fills.
 *
 * Escape codes of hale and combining marks fill none, East Asian wide characters and emoji two.
 *
 * @param text One line.
 * @returns Its width in columns.
 */
export function displayWidth(text: string): number {
  const visible = withoutControls(text);
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
// The W and F blocks of Unicode's EastAsianWidth.txt, and characters with emoji presentation.
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
