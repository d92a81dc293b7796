/** Text, or the first line that is not UTF-8. */
export type DecodedText =
  | { readonly text: string }
  | {
    /** Number of the line, from 1. */
    readonly wrongLine: number;
    /** The line, with U+FFFD for what is wrong. */
    readonly line: string;
  };

/**
 * Decodes text. No byte is replaced in silence.
 *
 * @param bytes The text.
 * @returns The text without a byte order mark, or what is wrong.
 */
export function decodeUtf8(bytes: Uint8Array): DecodedText {
  const text = strictly(bytes);
  if (text !== null) return { text };
  for (let wrongLine = 1, start = 0;; wrongLine++) {
    const next = bytes.indexOf(0x0a, start);
    const line = bytes.subarray(start, next === -1 ? bytes.length : next);
    // No sequence of UTF-8 has a line feed in it, so one of the lines is wrong.
    if (strictly(line) === null) return { wrongLine, line: new TextDecoder().decode(line) };
    start = next + 1;
  }
}

function strictly(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Returns whether bytes are UTF-8. */
export function isUtf8(bytes: Uint8Array): boolean {
  return strictly(bytes) !== null;
}
