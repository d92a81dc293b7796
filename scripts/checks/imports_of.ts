import { codeOnly } from "./code_only.ts";

/** One import or re-export of a file. */
export interface Import {
  /** What is imported, as written; null for an `import()` of something computed. */
  readonly specifier: string | null;
  /** Whether nothing of it is left when types are erased. */
  readonly typeOnly: boolean;
  /** Where it begins in the source. */
  readonly offset: number;
}

const CLAUSE = String
  .raw`(?:\*(?:\s*as\s+[\w$]+)?|[\w$]+(?:\s*,\s*(?:\{[^}]*\}|\*\s*as\s+[\w$]+))?|\{[^}]*\})`;
const STATIC = new RegExp(
  String.raw`(?<![.\w$])(?:import|export)\b\s*(type\b)?\s*(?:${CLAUSE}\s*from\s*)?["']`,
  "g",
);
const DYNAMIC = /(?<![.\w$])(typeof\s+)?import\s*\(\s*(["'])?/g;

/**
 * Finds what a file imports: `import` and `export ... from`, and `import()` of a literal.
 *
 * @param source TypeScript that parses.
 * @returns The imports: the static ones first, each kind in the order of the file.
 */
export function importsOf(source: string): Import[] {
  const code = codeOnly(source);
  const specifierAt = (quote: number) =>
    source.slice(quote + 1, source.indexOf(source[quote]!, quote + 1));
  const found: Import[] = [];
  for (const match of code.matchAll(STATIC)) {
    const quote = match.index + match[0].length - 1;
    found.push({
      specifier: specifierAt(quote),
      typeOnly: match[1] !== undefined,
      offset: match.index,
    });
  }
  for (const match of code.matchAll(DYNAMIC)) {
    const quote = match.index + match[0].length - 1;
    found.push({
      specifier: match[2] === undefined ? null : specifierAt(quote),
      typeOnly: match[1] !== undefined,
      offset: match.index,
    });
  }
  return found;
}
