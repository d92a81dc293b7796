/**
 * A URL, or a template of one, without the name and the password in it.
 *
 * @param url The text.
 * @returns The text without what stands before an `@` of its host.
 *
 * @example
 * ```ts
 * import { redactUrl } from "./redact_url.ts";
 * console.log(redactUrl("https://me:secret@get.example.com/x")); // https://get.example.com/x
 * ```
 */
export function redactUrl(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, "$1");
}
