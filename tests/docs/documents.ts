import { fromFileUrl, join } from "@std/path";

export const ROOT = fromFileUrl(new URL("../..", import.meta.url));
const MANUAL = "src/cli/manual";

/** A Markdown file that users read. */
export interface Document {
  /** Path from the root of the repository. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** A fenced block of a document. */
export interface Block {
  /** All that follows the fence, such as `toml` or `toml policy`. */
  readonly info: string;
  readonly text: string;
  /** Line of the fence, counted from 1. */
  readonly line: number;
}

/** Reads the README, the guide for contributors and every topic of the manual. */
export async function readDocuments(): Promise<Document[]> {
  const paths = ["README.md", ".github/CONTRIBUTING.md"];
  for await (const { name } of Deno.readDir(join(ROOT, MANUAL))) {
    if (name.endsWith(".md")) paths.push(`${MANUAL}/${name}`);
  }
  return await Promise.all(
    paths.sort().map(async (path) => {
      const text = await Deno.readTextFile(join(ROOT, path));
      return { path, text, blocks: blocksOf(text) };
    }),
  );
}

/** Finds the fenced blocks of a Markdown text. */
export function blocksOf(text: string): Block[] {
  return [...text.matchAll(/^```([^\n`]*)\n(.*?)^```$/gms)].map((match) => ({
    info: match[1]!.trim(),
    text: match[2]!,
    line: text.slice(0, match.index).split("\n").length,
  }));
}

/** Every command line of hale in the shell blocks of a document, without its `hale`. */
export function commandLinesOf({ blocks }: Pick<Document, "blocks">): string[] {
  return blocks.filter(({ info }) => ["sh", "console"].includes(info)).flatMap(({ info, text }) =>
    text.replace(/\\\n\s*/g, " ").split("\n")
      .map((line) => info === "console" ? /^\$ (.*)$/.exec(line)?.[1] ?? "" : line)
      .map((line) => /^(?:sudo )?hale(?: (.*?))?(?:\s+#.*|\s*[|>&;].*)?$/.exec(line.trim()))
      .filter((match) => match !== null)
      .map((match) => match[1] ?? "")
  );
}
