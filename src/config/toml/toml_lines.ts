import { type AST, parseTOML } from "toml-eslint-parser";
import { parseToml, withoutMark } from "./toml.ts";

type Path = readonly (string | number)[];

/** Returns the line of a key, from 1; of the nearest table around it if the key is absent; else null. */
export type LineOf = (path: Path) => number | null;

/**
 * Finds the lines of keys, tables and list items.
 *
 * Separate from {@linkcode parseToml} because only error messages and policies need lines, and this parser
 * takes 7 ms for the first document of a process.
 *
 * @param source A document that {@linkcode parseToml} accepted.
 * @returns A function that returns the line of a path.
 */
export function tomlLines(source: string): LineOf {
  const lines = new Map<string, number>();
  const [root] = parseTOML(withoutMark(source)).body;
  for (const node of root.body) {
    if (node.type === "TOMLKeyValue") addPair(node, []);
    else {
      add(node.resolvedKey, node);
      for (const pair of node.body) addPair(pair, node.resolvedKey);
    }
  }
  return (path) => {
    for (let length = path.length; length > 0; length--) {
      const line = lines.get(JSON.stringify(path.slice(0, length)));
      if (line !== undefined) return line;
    }
    return null;
  };

  function addPair({ key, value }: AST.TOMLKeyValue, table: Path): void {
    const keys = key.keys.map((part) => part.type === "TOMLBare" ? part.name : part.value);
    const path = [...table, ...keys];
    add(path, key);
    addValue(value, path);
  }

  function addValue(value: AST.TOMLContentNode, path: Path): void {
    if (value.type === "TOMLInlineTable") {
      for (const pair of value.body) addPair(pair, path);
    } else if (value.type === "TOMLArray") {
      value.elements.forEach((element, index) => {
        add([...path, index], element);
        addValue(element, [...path, index]);
      });
    }
  }

  /** A table that is written in several places has the line of the first. */
  function add(path: Path, { loc }: AST.TOMLNode): void {
    for (let length = 1; length <= path.length; length++) {
      const id = JSON.stringify(path.slice(0, length));
      if (!lines.has(id)) lines.set(id, loc.start.line);
    }
  }
}

/**
 * Parses TOML. The lines of keys are computed when the first of them is requested.
 *
 * @param source The document.
 * @returns The root table and the lines of its keys.
 * @throws {TomlError} If the document is not valid TOML.
 */
export function parseTomlWithLines(
  source: string,
): { readonly value: Record<string, unknown>; readonly lineOf: LineOf } {
  const value = parseToml(source);
  let lines: LineOf | undefined;
  return { value, lineOf: (path) => (lines ??= tomlLines(source))(path) };
}
