/**
 * Removal of secrets from URLs.
 *
 * @module
 */

/**
 * Removes the user name and the password from a URL or a URL template.
 *
 * @param url The text.
 * @returns The text without the part before the `@` of its host.
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
 * Returns a URL without user name, password and query, for display and storage. Storage services put
 * signatures into the query.
 *
 * @param url The URL.
 * @returns Its text.
 * @throws {TypeError} If the text is not a URL.
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
