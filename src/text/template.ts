/**
 * `${...}` in configuration values.
 *
 * @module
 */

/**
 * Returns the value of a name, or `undefined` if the name is unknown. `optional` is whether the
 * placeholder has a fallback.
 */
export type TemplateLookup = (name: string, optional: boolean) => string | undefined;

/**
 * A placeholder could not be expanded. The message does not quote the template: the text around a
 * placeholder may be secret.
 */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
}

/**
 * Expands the placeholders of a text.
 *
 * `${name}` becomes the value of `name`. `${name:-fallback}` becomes the fallback if the name is unknown
 * or its value is empty, as in a POSIX shell; a fallback may contain placeholders. `$${` becomes `${`.
 * Values are not expanded again.
 *
 * @param template The text.
 * @param lookup Returns the values.
 * @returns The text without placeholders.
 * @throws {TemplateError} If a name is unknown and has no fallback, a `${` is not closed, or
 * placeholders are nested too deeply.
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
      throw new TemplateError('"${" is never closed; write "$${" for a literal "${"');
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

/** Each level is read once more: without a limit the time would be quadratic. */
const MAX_DEPTH = 20;

function closingBrace(text: string, from: number): number {
  let depth = 1;
  for (let index = from; index < text.length; index++) {
    if (text.startsWith("${", index)) {
      if (++depth > MAX_DEPTH) {
        throw new TemplateError(`placeholders are nested more than ${MAX_DEPTH} deep`);
      }
    } else if (text[index] === "}" && --depth === 0) return index;
  }
  return -1;
}
