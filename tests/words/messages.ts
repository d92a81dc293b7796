import { HOLE, type Text, textsOf } from "./texts.ts";

/** A message of hale, or a phrase that it puts into one. */
export interface Message {
  /** With {@linkcode HOLE} for each value. */
  readonly text: string;
  /** The places that make it, such as `src/cli/main.ts:12`. */
  readonly places: readonly string[];
}

/** Shorter phrases, such as "a list", appear by chance; their letters are counted. */
const LEAST_LETTERS = 8;

/** Methods that compare a text and do not print it. */
const COMPARED =
  /^(startsWith|endsWith|includes|indexOf|lastIndexOf|replace|replaceAll|split|test)$/;

/** A script for a shell or PowerShell, or an expression for `grep`. */
const SCRIPT = /^\ufffc?\n|^\^|^\(?Get-|^(exec|umask|for|printf|\{ read) |^\w+=\$\(|^GET /;

/** Characters of a regular expression, such as `[0-9]{1,2}`. */
const PATTERN = /\[(?:A-Z|a-z|0-9)[^\]]*\]/;

/** A list of environment variables, such as `PS1 BASH_VERSION`. */
const VARIABLES = /^(?=.*_)[A-Z0-9_]+(?: [A-Z0-9_]+)+$/;

/** Help texts are printed by `hale help`, and tested as a whole. */
const HELP = /\/spec\.ts$|\/commands\/(shared_flags|service_arguments)\.ts$/;

/**
 * Finds the messages in sources of hale.
 *
 * @param sources Contents by path from the root of the repository.
 * @returns The messages; one that several places make is listed once.
 */
export function messagesIn(sources: ReadonlyMap<string, string>): Message[] {
  const places = new Map<string, string[]>();
  for (const [file, source] of sources) {
    if (HELP.test(file)) continue;
    for (const text of textsOf(file, source)) {
      if (!isMessage(text)) continue;
      const place = `${file}:${text.line}`;
      places.set(text.text, [...places.get(text.text) ?? [], place]);
    }
  }
  return [...places].map(([text, places]) => ({ text, places }));
}

/** A message as it is written in reports and in the list of exceptions. */
export function shown(text: string): string {
  return text.replaceAll(HOLE, "{}");
}

function isMessage(text: Text): boolean {
  if (text.isRegExp || isCompared(text)) return false;
  if ([SCRIPT, PATTERN, VARIABLES].some((kind) => kind.test(text.text))) return false;
  // The message of a mistake of hale.
  if (text.text.startsWith("unreachable: ")) return false;
  const fixed = text.text.replaceAll(HOLE, "");
  if (fixed.replaceAll(/[^A-Za-z]/g, "").length < LEAST_LETTERS) return false;
  // At least two words, of which one may be a value.
  return /[\w\ufffc]\S*\s+\S/.test(text.text);
}

/** Whether it is compared with another text: a case, a key, an operand, an argument of a search. */
function isCompared({ nodes: [node, parent] }: Text): boolean {
  switch (parent!.type) {
    case "ImportDeclaration":
    case "SwitchCase":
      return true;
    case "Property":
      return parent.key.range[0] === node!.range[0];
    case "BinaryExpression":
      return /^[!=]==?$/.test(parent.operator);
    case "CallExpression":
      return parent.callee.type === "MemberExpression" &&
        parent.callee.property.type === "Identifier" && COMPARED.test(parent.callee.property.name);
    case "NewExpression":
      return parent.callee.type === "Identifier" && parent.callee.name === "RegExp";
    default:
      return false;
  }
}
