import { parseTranscript } from "../e2e/transcript/parse_transcript.ts";
import { HOLE, type Text, textsOf } from "./texts.ts";

/** A text that a test expects. */
export interface Evidence {
  /** Where it is, such as `tests/cli/main_test.ts:12`. */
  readonly place: string;
  /** With {@linkcode HOLE} for each value. */
  readonly text: string;
}

/**
 * Finds the texts in tests that a message of hale can be compared with: the strings of tests, except
 * their titles and errors that they make themselves, and the output that transcripts expect.
 *
 * @param sources Contents of tests and transcripts by path from the root of the repository.
 */
export function evidenceIn(sources: ReadonlyMap<string, string>): Evidence[] {
  return [...sources].flatMap(([file, source]) =>
    file.endsWith(".md") ? outputOf(file, source) : textsOf(file, source)
      .filter((text) => !isTitle(text) && !isMadeError(text))
      .map(({ line, text }) => ({ place: `${file}:${line}`, text }))
  );
}

function outputOf(file: string, source: string): Evidence[] {
  return parseTranscript(file, source).parts.flatMap((part) => {
    if (part.kind !== "step") return [];
    const text = part.expected.join("\n").replaceAll(/\{[A-Z_]+\}/g, HOLE);
    // In JSON, quotes and line ends are escaped.
    const texts = text.includes("\\") ? [text, unescaped(text)] : [text];
    return texts.map((text) => ({ place: `${file}:${part.line}`, text }));
  });
}

function unescaped(text: string): string {
  return text.replaceAll("\\n", "\n").replaceAll(/\\(["\\])/g, "$1");
}

/** Whether it is the name of a test or of a step. */
function isTitle({ nodes: [node, parent] }: Text): boolean {
  if (parent!.type !== "CallExpression" || parent.arguments[0]!.range[0] !== node!.range[0]) {
    return false;
  }
  const { callee } = parent;
  if (callee.type === "Identifier") return /[tT]est$/.test(callee.name);
  return callee.type === "MemberExpression" && callee.property.type === "Identifier" &&
    /^(test|step|only|ignore)$/.test(callee.property.name);
}

/** Whether a test passes it to the constructor of an error: this shows only what a test says. */
function isMadeError({ nodes: [, ...around] }: Text): boolean {
  return around.some((node) =>
    node.type === "NewExpression" && node.callee.type === "Identifier" &&
    node.callee.name.endsWith("Error")
  );
}
