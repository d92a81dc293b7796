/**
 * The rules of this repository for `deno lint`.
 *
 * @module
 */

import { fromFileUrl, relative } from "@std/path";

/** What is refused in some files. */
interface Refusal {
  /** What it is in the syntax tree. */
  readonly selector: string;
  /** How its text begins, where the tree does not say all. */
  readonly text?: RegExp;
  /**
   * What its file contains. Other files are passed over: trying selectors with attributes on all
   * files doubles the time of `deno lint`.
   */
  readonly fileText: RegExp;
  /** Where it is refused: paths from the root of the repository. */
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
    refusedIn: /^(main\.ts$|src\/(?!cli\/))/,
    message: "only src/cli and scripts print: return a value or throw",
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
    message: "import() needs a literal path: deno compile cannot follow another one",
  },
  "private-name": {
    // A constructor has no other way to be private.
    selector: `MethodDefinition[kind!="constructor"], PropertyDefinition, AccessorProperty, ` +
      `TSAbstractMethodDefinition, TSAbstractPropertyDefinition, TSParameterProperty`,
    text: /^private\b/,
    fileText: /\bprivate\s/,
    refusedIn: /^/,
    message: "declare #name: it is private at run time too",
  },
};

const ROOT = fromFileUrl(new URL("../..", import.meta.url));

const plugin: Deno.lint.Plugin = {
  name: "hale",
  rules: Object.fromEntries(Object.entries(REFUSALS).map(([name, it]) => [name, ruleOf(it)])),
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

/** The selector of `object.property`, where the property matches a pattern as a whole. */
function member(object: string, property: string): string {
  return `MemberExpression[object.name="${object}"][property.name=/^${property}$/]`;
}
