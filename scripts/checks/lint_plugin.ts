/**
 * The rules of this repository for `deno lint`.
 *
 * @module
 */

import { fromFileUrl, relative } from "@std/path";
import { refusedWords } from "./words.ts";

/** A pattern that is forbidden in some files. */
interface Refusal {
  /** Its selector in the syntax tree. */
  readonly selector: string;
  /** Pattern for its text, if the selector is not enough. */
  readonly text?: RegExp;
  /**
   * Pattern for the text of the file. Other files are skipped: selectors with attributes on all
   * files double the time of `deno lint`.
   */
  readonly fileText: RegExp;
  /** Paths, relative to the root of the repository, in which it is forbidden. */
  readonly refusedIn: RegExp;
  readonly message: string;
}

const REFUSALS: Readonly<Record<string, Refusal>> = {
  "exit": {
    selector: member("Deno", "exit"),
    fileText: /\.\s*exit\b/,
    refusedIn: /^(src|scripts)\//,
    message: "only main.ts exits: return a status or throw",
  },
  "exit-status": {
    selector: `${member("Deno", "exitCode")}, ${member("process", "exit(Code)?")}`,
    fileText: /\.\s*exit(Code)?\b/,
    refusedIn: /^(main\.ts$|src\/)/,
    message: "only main.ts decides the exit status, with Deno.exit(): return it or throw",
  },
  "print": {
    selector: `MemberExpression[object.name="console"]`,
    fileText: /\bconsole\b/,
    refusedIn: /^(main\.ts$|src\/)/,
    message: "only scripts print: in src/cli use Output, elsewhere return a value or throw",
  },
  "terminal": {
    // Besides writes to the streams: programs that inherit them, and questions in the terminal.
    selector: `${member("(Deno|process)", "(stdout|stderr)")}, Property[value.value="inherit"], ` +
      `CallExpression[callee.name=/^(alert|confirm|prompt)$/]`,
    fileText: /\.\s*std(out|err)\b|"inherit"|\b(alert|confirm|prompt)\s*\(/,
    refusedIn: /^(main\.ts$|src\/(?!cli\/output\/))/,
    message: "only src/cli/output writes to the terminal, with escapes for text from outside",
  },
  "platform": {
    selector: `:not(MemberExpression[property.name="standalone"]) > ${member("Deno", "build")}, ` +
      member("process", "platform"),
    fileText: /\.\s*(build|platform)\b/,
    // The action in scripts/setup runs on Node, without src.
    refusedIn: /^(main\.ts$|src\/(?!platform\/)|scripts\/.*\.ts$)/,
    message: "only src/platform depends on the system: import from src/platform/mod.ts",
  },
  "literal-import": {
    selector: `ImportExpression[source.type!="Literal"]`,
    fileText: /\bimport\s*\(/,
    refusedIn: /^(main\.ts$|src\/)/,
    message: "import() needs a literal path: deno compile cannot follow a computed one",
  },
  "private-name": {
    // A constructor cannot be private in another way.
    selector: `MethodDefinition[kind!="constructor"], PropertyDefinition, AccessorProperty, ` +
      `TSAbstractMethodDefinition, TSAbstractPropertyDefinition, TSParameterProperty`,
    text: /^private\b/,
    fileText: /\bprivate\s/,
    refusedIn: /^/,
    message: "declare #name: it is private at run time too",
  },
};

const ROOT = fromFileUrl(new URL("../..", import.meta.url));

/** Refuses words in comments, strings and templates. */
const PLAIN_WORDS: Deno.lint.Rule = {
  create(context) {
    // An escape such as \n is no letter of the word after it.
    const words = refusedWords(context.sourceCode.text.replaceAll(/\\[^]/g, "  "));
    if (words.length === 0) return {};
    const check = ({ range: [start, end] }: { readonly range: Deno.lint.Range }) => {
      for (const { index, text, message } of words) {
        if (index < start || index >= end) continue;
        context.report({ range: [index, index + text.length], message });
      }
    };
    return {
      Program: () => context.sourceCode.getAllComments().forEach(check),
      Literal: check,
      TemplateElement: check,
    };
  },
};

const plugin: Deno.lint.Plugin = {
  name: "hale",
  rules: {
    ...Object.fromEntries(Object.entries(REFUSALS).map(([name, it]) => [name, ruleOf(it)])),
    "plain-words": PLAIN_WORDS,
  },
};

export default plugin;

function ruleOf({ selector, text = /^/, fileText, refusedIn, message }: Refusal): Deno.lint.Rule {
  return {
    create(context) {
      const file = relative(ROOT, context.filename).replaceAll("\\", "/");
      const { sourceCode } = context;
      if (!refusedIn.test(file) || !fileText.test(sourceCode.text)) return {};
      const check = (node: Deno.lint.Node) => {
        if (text.test(sourceCode.getText(node))) context.report({ node, message });
      };
      return { [selector]: check };
    },
  };
}

/** The selector of `object.property`; the pattern must match the whole property. */
function member(object: string, property: string): string {
  return `MemberExpression[object.name=/^${object}$/][property.name=/^${property}$/]`;
}
