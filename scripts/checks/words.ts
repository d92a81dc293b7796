// deno-lint-ignore-file hale/plain-words

/** A word or phrase that is refused. */
interface Word {
  /** Regular expression; a space in it is any gap between two words. */
  readonly pattern: string;
  /** What to write. */
  readonly advice: string;
}

/** A word of a text that is refused. */
export interface RefusedWord {
  /** Where it begins in the text. */
  readonly index: number;
  /** As it is in the text. */
  readonly text: string;
  /** What is refused, and what to write. */
  readonly message: string;
}

/** What makes a reader guess who or what is meant. */
const WORDS: readonly Word[] = [
  {
    pattern: "nobody|somebody|anybody|whoever",
    advice: "name the user, the caller or the process",
  },
  { pattern: "tells|told", advice: 'write "says", "reports" or "passes"' },
  { pattern: "stands", advice: 'write "is"' },
  { pattern: "a look(?!-)", advice: 'write "a check" or "a read"' },
  { pattern: "is on its way", advice: 'write "is starting" or "is pending"' },
  { pattern: "has come to it", advice: 'write "has reached it"' },
  { pattern: "in its place", advice: 'write "instead"' },
  { pattern: "go(?:es)? by", advice: 'write "uses" or "follows"' },
  { pattern: "gives way", advice: 'write "yields"' },
  { pattern: "asks after", advice: 'write "polls" or "checks"' },
  { pattern: "so often", advice: "write the interval or the number" },
  // "No more than five" and "there are no more files" are allowed.
  { pattern: "no more(?=\\s*(?:[.,:;)\"'`]|$))", advice: 'write "no longer" or "not any more"' },
  { pattern: "be it", advice: 'write "whether"' },
];

/** Also the end of a line, and what begins the next line of a comment or a quotation. */
const GAP = String.raw`\s+(?:(?://|[*#>])\s*)?`;

const PATTERNS = WORDS.map(({ pattern, advice }) => ({
  pattern: new RegExp(`\\b(?:${pattern.replaceAll(" ", GAP)})\\b`, "gi"),
  advice,
}));

/**
 * Finds words that this project does not use in comments, messages and documents.
 *
 * @param text Prose, or a source.
 * @returns The words, in the order of the text.
 */
export function refusedWords(text: string): RefusedWord[] {
  return PATTERNS.flatMap(({ pattern, advice }) =>
    [...text.matchAll(pattern)].map((match) => ({
      index: match.index,
      text: match[0],
      message: `"${match[0].toLowerCase().replaceAll(/[\s/*#>]+/g, " ")}": ${advice}`,
    }))
  ).sort((a, b) => a.index - b.index);
}
