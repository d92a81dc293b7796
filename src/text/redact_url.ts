/**
 * A URL, or a template of one, without the name and the password in it.
 *
 * @param url The text.
 * @returns The text without what stands before an `@` of its host.
 *
 * @example
 * ```ts
 * import { withoutLogin } from "./redact_url.ts";
 * console.log(withoutLogin("https://me:secret@get.example.com/x")); // https://get.example.com/x
 * ```
 */
export function withoutLogin(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, "$1");
}
