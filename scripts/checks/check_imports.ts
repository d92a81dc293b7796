/**
 * Checks that imports point downward only, and that what belongs in one place stays there.
 *
 * Prints each violation with its file and line, and ends with 1 where there is one.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { codeOnly } from "./code_only.ts";
import { importsOf } from "./imports_of.ts";

/** Something in the source that the layers do not allow. */
export interface Violation {
  /** Path from the root, with slashes. */
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** Layers in their order: each may import itself and, unless it says otherwise, all above it here. */
const BASE = ["errors", "version", "model", "text", "async"];
/** Files and the home: what features share and no feature owns. */
const GROUND = [...BASE, "platform", "files", "home"];
const FEATURES = ["audit", "config", "health", "logs", "policy", "resolve", "spawn", "store"];
const BELOW_APP = [...GROUND, ...FEATURES, "supervise"];
const BELOW_LIBRARY = [...BELOW_APP, "app"];
const EVERYTHING = [...BELOW_LIBRARY, "library", "cli", "mod", "main.ts"];

/** What each layer may import besides itself: as values, and as types only. */
const MAY_IMPORT: Readonly<
  Record<string, { readonly values: readonly string[]; readonly types?: readonly string[] }>
> = {
  errors: { values: [] },
  version: { values: ["deno.json"] },
  model: { values: ["errors"] },
  text: { values: ["errors"] },
  async: { values: ["errors"] },
  platform: { values: BASE },
  files: { values: [...BASE, "platform"] },
  home: { values: [...BASE, "platform", "files"] },
  // Features do not know each other.
  ...Object.fromEntries(FEATURES.map((feature) => [feature, { values: GROUND }])),
  // Features are passed to it as arguments: it only has to know what they look like.
  supervise: { values: GROUND, types: ["store", "spawn", "health"] },
  app: { values: BELOW_APP },
  library: { values: BELOW_LIBRARY },
  cli: { values: BELOW_LIBRARY },
  "main.ts": { values: [...BELOW_LIBRARY, "cli"] },
  mod: { values: ["errors", "model", "app", "library"], types: BELOW_LIBRARY },
  scripts: { values: EVERYTHING },
};

/** What only some files may say. */
const PLACES: readonly {
  readonly pattern: RegExp;
  readonly isAllowedIn: (file: string) => boolean;
  readonly where: string;
}[] = [
  {
    pattern: /\bDeno\s*\.\s*exit\b/g,
    isAllowedIn: (file) => file === "main.ts",
    where: "only main.ts exits",
  },
  {
    pattern: /\bDeno\s*\.\s*exitCode\b|\bprocess\s*\.\s*exit(?:Code)?\b/g,
    isAllowedIn: (file) => file.startsWith("scripts/"),
    where: "only main.ts decides the exit status",
  },
  {
    pattern: /(?<![.\w$])console\s*\./g,
    isAllowedIn: (file) => file.startsWith("src/cli/") || file.startsWith("scripts/"),
    where: "only src/cli and scripts print",
  },
  {
    pattern: /\bDeno\s*\.\s*build\b(?!\s*\.\s*standalone)|\bprocess\s*\.\s*platform\b/g,
    isAllowedIn: (file) => file.startsWith("src/platform/"),
    where: "only src/platform asks which system this is",
  },
];

/**
 * Checks `main.ts`, `src/` and `scripts/`.
 *
 * @param root The folder that holds them.
 * @returns What is not allowed, by file and line; empty where all is well.
 */
export async function checkImports(root: string): Promise<Violation[]> {
  const files = [];
  for await (const file of walk(root, "")) files.push(file);
  const found = await Promise.all(
    files.sort().map(async (file) => {
      const source = await Deno.readTextFile(`${root}/${file}`);
      return [...importViolations(file, source), ...placeViolations(file, source)]
        .sort((a, b) => a.line - b.line);
    }),
  );
  return found.flat();
}

async function* walk(root: string, folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(`${root}/${folder}`)) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    const isCode = path === "main.ts" || /^(src|scripts)(\/|$)/.test(path);
    if (!isCode) continue;
    if (entry.isDirectory) yield* walk(root, path);
    else if (path.endsWith(".ts") && !path.endsWith(".d.ts")) yield path;
  }
}

function importViolations(file: string, source: string): Violation[] {
  const from = layerOf(file);
  const allowed = MAY_IMPORT[from];
  if (allowed === undefined) {
    return [{ file, line: 1, message: `${from} is no layer; see MAY_IMPORT in check_imports.ts` }];
  }
  return importsOf(source).flatMap(({ specifier, typeOnly, offset }) => {
    const line = lineAt(source, offset);
    if (specifier === null) {
      if (from === "scripts") return [];
      return [{ file, line, message: "import() without a literal path cannot be compiled in" }];
    }
    if (!specifier.startsWith(".")) return [];
    const target = resolvePath(file, specifier);
    const to = layerOf(target);
    const layers = typeOnly ? [...allowed.values, ...allowed.types ?? []] : allowed.values;
    if (to === from || layers.includes(to)) return [];
    const rule = allowed.types?.includes(to) ? "may import only types of" : "may not import";
    return [{ file, line, message: `${from} ${rule} ${to}: ${specifier}` }];
  });
}

function placeViolations(file: string, source: string): Violation[] {
  const code = codeOnly(source);
  return PLACES.filter(({ isAllowedIn }) => !isAllowedIn(file)).flatMap(({ pattern, where }) =>
    [...code.matchAll(pattern)].map((match) => ({
      file,
      line: lineAt(source, match.index),
      message: `${match[0].replace(/\s|\.$/g, "")}: ${where}`,
    }))
  );
}

/** The layer of a file: its folder below `src`, or itself where it stands in none. */
function layerOf(file: string): string {
  const [top, second = ""] = file.split("/");
  if (top !== "src") return top!;
  return second.endsWith(".ts") ? second.slice(0, -".ts".length) : second;
}

function resolvePath(file: string, specifier: string): string {
  return new URL(specifier, `file:///${file}`).pathname.slice(1);
}

function lineAt(source: string, offset: number): number {
  return source.slice(0, offset).split("\n").length;
}

if (import.meta.main) {
  const violations = await checkImports(fromFileUrl(new URL("../..", import.meta.url)));
  for (const { file, line, message } of violations) console.error(`${file}:${line}: ${message}`);
  if (violations.length > 0) Deno.exitCode = 1;
}
