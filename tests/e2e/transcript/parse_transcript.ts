/**
 * Parses a transcript: a Markdown file with files, commands and their output.
 *
 * @module
 */

/** A file that is written when the run reaches it. */
export interface FileBlock {
  readonly kind: "file";
  /** Number of its first line, from 1. */
  readonly line: number;
  /** Path relative to the folder of the project. */
  readonly path: string;
  readonly text: string;
}

/** A command and its expected output. */
export interface Step {
  readonly kind: "step";
  /** Number of the line of the command, from 1. */
  readonly line: number;
  readonly command: string;
  /** Whether it is retried until its output matches. */
  readonly isRetried: boolean;
  /** Whether it keeps running during the next steps. */
  readonly isJob: boolean;
  readonly expected: readonly string[];
  /** Expected exit status. */
  readonly code: number;
  /** Lines of the file with the expectation: from (inclusive) to (exclusive), from 0. */
  readonly range: readonly [from: number, to: number];
}

/** A parsed transcript. */
export interface Transcript {
  readonly path: string;
  readonly title: string;
  readonly parts: readonly (FileBlock | Step)[];
}

const FENCE = /^(`{3,})\s*(\S*)\s*(.*)$/;

/**
 * Parses a transcript.
 *
 * @param path Path of the file, for messages.
 * @param source Contents of the file.
 * @throws {Error} If it is not a transcript; the message names the line.
 */
export function parseTranscript(path: string, source: string): Transcript {
  const lines = source.split("\n");
  const fail = (index: number, what: string) => new Error(`${path}:${index + 1}: ${what}`);
  const title = /^# (.+)$/.exec(lines[0]!)?.[1];
  if (title === undefined) throw fail(0, "A transcript begins with its title: `# hale up ...`.");
  const reason = lines.findIndex((line, index) => index > 0 && line !== "");
  if (reason === -1 || FENCE.test(lines[reason]!)) {
    throw fail(1, "Below the title, a sentence says why this matters.");
  }
  const parts: (FileBlock | Step)[] = [];
  for (let index = 1; index < lines.length; index++) {
    const [, fence, language, name] = FENCE.exec(lines[index]!) ?? [];
    if (fence === undefined) continue;
    const begin = index + 1;
    const end = lines.indexOf(fence, begin);
    if (end === -1) throw fail(index, "This block has no end.");
    const block = lines.slice(begin, end);
    if (language === "console") parts.push(...readSteps(block, begin, fail));
    else if (name) parts.push(fileBlock(name, block, begin));
    else throw fail(index, "A block is `console`, or a language and the path of a file.");
    index = end;
  }
  if (!parts.some(({ kind }) => kind === "step")) throw fail(0, "It runs no command.");
  return { path, title, parts };
}

function fileBlock(path: string, lines: readonly string[], begin: number): FileBlock {
  return { kind: "file", line: begin + 1, path, text: lines.map((line) => `${line}\n`).join("") };
}

function readSteps(
  lines: readonly string[],
  begin: number,
  fail: (index: number, what: string) => Error,
): Step[] {
  const steps: Step[] = [];
  let at = 0;
  while (at < lines.length && lines[at] === "") at++;
  while (at < lines.length) {
    const [, mark, first] = /^([$?]) (.+)$/.exec(lines[at]!) ?? [];
    if (first === undefined) throw fail(begin + at, "A step begins with `$ ` or with `? `.");
    const line = begin + at + 1;
    const command = [first];
    for (at++; lines[at]?.startsWith("> "); at++) command.push(lines[at]!.slice(2));
    const from = at;
    while (at < lines.length && !/^[$?] /.test(lines[at]!)) at++;
    const text = command.join("\n");
    if (/^sleep\b/.test(text)) {
      throw fail(line - 1, "Wait for a condition with `? `, not for time.");
    }
    steps.push({
      kind: "step",
      line,
      command: text.replace(/ &$/, ""),
      isRetried: mark === "?",
      isJob: / &$/.test(text),
      ...readExpected(lines.slice(from, at)),
      range: [begin + from, begin + at],
    });
  }
  return steps;
}

function readExpected(lines: readonly string[]): { expected: string[]; code: number } {
  const expected = [...lines];
  while (expected.at(-1) === "") expected.pop();
  const code = /^\[exit (\d+)\]$/.exec(expected.at(-1) ?? "")?.[1];
  if (code !== undefined) expected.pop();
  return { expected, code: Number(code ?? 0) };
}
