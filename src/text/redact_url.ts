/**
 * URLs without the secrets in them.
 *
 * @module
 */

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

/**
 * A URL as it may be shown and stored: without a name and a password, and without the query, where
 * storage services put their signatures.
 *
 * @param url The URL.
 * @returns Its text.
 * @throws {TypeError} If the text is no URL.
 *
 * @example
 * ```ts
 * import { shownUrl } from "./redact_url.ts";
 * console.log(shownUrl("https://me:secret@get.example.com/x?key=y")); // https://get.example.com/x
 * ```
 */
export function shownUrl(url: string | URL): string {
  return redactUrl(new URL(url).href).replace(/^([^?#]*)\?[^#]*/, "$1");
}
