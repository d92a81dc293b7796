/**
 * `${...}` in configuration values.
 *
 * @module
 */

/**
 * What a placeholder stands for: its text, or `undefined` where the name is not known. `optional`
 * tells whether the placeholder has a fallback.
 */
export type TemplateLookup = (name: string, optional: boolean) => string | undefined;

/**
 * A placeholder that could not be filled in. The message does not quote the template: what is
 * written around a placeholder may be secret.
 */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
}

/**
 * Fills in the placeholders of a text.
 *
 * `${name}` becomes what `lookup` knows of `name`. `${name:-fallback}` becomes the fallback where
 * `lookup` knows nothing or knows an empty text, as in a POSIX shell; a fallback may hold
 * placeholders itself. `$${` stands for `${`. What was filled in is not looked at again.
 *
 * @param template The text.
 * @param lookup What the names mean.
 * @returns The text without placeholders.
 * @throws {TemplateError} If a name is not known and has no fallback, or a `${` is not closed.
 *
 * @example
 * ```ts
 * import { expandTemplate } from "./template.ts";
 * const names = new Map([["version", "1.2"]]);
 * console.log(expandTemplate("app-${version}", (name) => names.get(name))); // app-1.2
 * ```
 */
export function expandTemplate(template: string, lookup: TemplateLookup): string {
  let result = "";
  let position = 0;
  for (;;) {
    const dollar = template.indexOf("${", position);
    if (dollar === -1) return result + template.slice(position);
    if (template[dollar - 1] === "$" && dollar > position) {
      result += template.slice(position, dollar - 1) + "${";
      position = dollar + 2;
      continue;
    }
    const close = closingBrace(template, dollar + 2);
    if (close === -1) {
      throw new TemplateError('"${" is never closed; write "$${" for the characters themselves');
    }
    result += template.slice(position, dollar) +
      expandPlaceholder(template.slice(dollar + 2, close), lookup);
    position = close + 1;
  }
}

function expandPlaceholder(body: string, lookup: TemplateLookup): string {
  const split = body.indexOf(":-");
  const name = (split === -1 ? body : body.slice(0, split)).trim();
  const value = lookup(name, split !== -1);
  if (split === -1) {
    if (value === undefined) throw new TemplateError(`unknown name \${${name}}`);
    return value;
  }
  return value === undefined || value === ""
    ? expandTemplate(body.slice(split + 2), lookup)
    : value;
}

function closingBrace(text: string, from: number): number {
  let depth = 1;
  for (let index = from; index < text.length; index++) {
    if (text.startsWith("${", index)) depth++;
    else if (text[index] === "}" && --depth === 0) return index;
  }
  return -1;
}
