import { join } from "@std/path";

/** Marks a value in a text that is known only at run time. */
export const HOLE = "\ufffc";

/** A string, a template, a sum of both, or a regular expression of a source file. */
export interface Text {
  /** Path from the root of the repository, with slashes. */
  readonly file: string;
  /** Line of its first character, from 1. */
  readonly line: number;
  /** The text, with {@linkcode HOLE} for each value. */
  readonly text: string;
  /** Its node, and the nodes around it, the nearest first. */
  readonly nodes: readonly Deno.lint.Node[];
  readonly isRegExp: boolean;
}

/** Reads the texts of a TypeScript source with the parser of `deno lint`. */
export function textsOf(file: string, source: string): Text[] {
  const texts: Text[] = [];
  const lines = lineCounter(source);
  const add = (node: Deno.lint.Node, text: string, isRegExp = false) => {
    texts.push({
      file,
      line: lines(node.range[0]),
      text,
      nodes: [node, ...ancestors(node)],
      isRegExp,
    });
  };
  const visit = (node: Deno.lint.Node) => {
    if (node.type === "Literal" && "regex" in node && node.regex !== undefined) {
      add(node, fixedTextOf(node.regex.pattern), true);
    } else if (isText(node) && !isPart(node)) add(node, textOf(node));
  };
  visitNodes(file, source, { Literal: visit, TemplateLiteral: visit, BinaryExpression: visit });
  return texts;
}

/** Reads the words of the type `A | B` of string literals that is declared under a name. */
export function unionOf(source: string, name: string): string[] {
  const words: string[] = [];
  visitNodes("union.ts", source, {
    TSTypeAliasDeclaration(node) {
      if (node.id.name !== name || node.typeAnnotation.type !== "TSUnionType") return;
      for (const type of node.typeAnnotation.types) {
        if (type.type === "TSLiteralType" && type.literal.type === "Literal") {
          words.push(String(type.literal.value));
        }
      }
    },
  });
  return words;
}

/** Reads the words of every property of a name in the types of a source. */
export function propertyTypesOf(source: string, name: string): string[] {
  const words: string[] = [];
  visitNodes("property.ts", source, {
    TSPropertySignature(node) {
      if (node.key.type !== "Identifier" || node.key.name !== name) return;
      const type = node.typeAnnotation?.typeAnnotation;
      for (const part of type?.type === "TSUnionType" ? type.types : [type]) {
        if (part?.type === "TSLiteralType" && part.literal.type === "Literal") {
          words.push(String(part.literal.value));
        }
      }
    },
  });
  return words;
}

function visitNodes(file: string, source: string, visitor: Deno.lint.LintVisitor): void {
  const rules = { read: { create: () => visitor } };
  Deno.lint.runPlugin({ name: "words", rules }, join("/", file), source);
}

function ancestors(node: Deno.lint.Node): Deno.lint.Node[] {
  const around: Deno.lint.Node[] = [];
  for (let at = parentOf(node); at !== null; at = parentOf(at)) around.push(at);
  return around;
}

function parentOf(node: Deno.lint.Node): Deno.lint.Node | null {
  return "parent" in node ? node.parent as Deno.lint.Node : null;
}

function isText(node: Deno.lint.Node): boolean {
  if (node.type === "Literal") return typeof node.value === "string";
  if (node.type === "TemplateLiteral") return true;
  return node.type === "BinaryExpression" && node.operator === "+" &&
    (isText(node.left) || isText(node.right));
}

/** Whether it is read as a part of the text around it. */
function isPart(node: Deno.lint.Node): boolean {
  const parent = parentOf(node)!;
  return parent.type === "TemplateLiteral" || isText(parent);
}

function textOf(node: Deno.lint.Node): string {
  if (node.type === "Literal" && typeof node.value === "string") return node.value;
  if (node.type === "TemplateLiteral") {
    return node.quasis.map(({ cooked }, index) =>
      cooked + (index < node.expressions.length ? textOf(node.expressions[index]!) : "")
    ).join("");
  }
  if (node.type === "BinaryExpression" && isText(node)) {
    return textOf(node.left) + textOf(node.right);
  }
  return HOLE;
}

/** The literal text of a regular expression; what matches several texts becomes a hole. */
function fixedTextOf(pattern: string): string {
  return pattern
    .replaceAll(/\\s[+*]?/g, " ")
    .replaceAll(/\\[dDwWbBSuxp]|\.[*+?]+|\[[^\]]*\][*+?]*|\{\d+,?\d*\}/g, HOLE)
    .replaceAll(/(?<!\\)(?:\(\?<?[:=!]|[*+?()|^$])/g, HOLE)
    .replaceAll(/\\(.)/g, "$1");
}

/** Returns a function that finds the line of a position. */
function lineCounter(source: string): (position: number) => number {
  const breaks = [...source.matchAll(/\n/g)].map(({ index }) => index);
  return (position) => {
    const after = breaks.findIndex((index) => index >= position);
    return (after === -1 ? breaks.length : after) + 1;
  };
}
