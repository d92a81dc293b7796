/**
 * Returns whether a text starts like a web page. Captive portals, login pages and "not found" pages
 * with status 200 send one instead of the file.
 *
 * A scanner in place of a regular expression: comments and blanks between them can be matched in so
 * many ways that 200 bytes from a server would keep a pattern busy for ever.
 *
 * @param beginning The first characters.
 * @returns Whether it is HTML. Checksum files, executables and archives do not start like this.
 */
export function looksLikeHtml(beginning: string): boolean {
  let at = afterBlanks(beginning, 0);
  while (beginning.startsWith("<!--", at)) {
    const end = beginning.indexOf("-->", at + "<!--".length);
    // The comment may end after the beginning. Nothing but a page has one.
    if (end === -1) return true;
    at = afterBlanks(beginning, end + "-->".length);
  }
  return TAG.test(beginning.slice(at, at + TAG_LENGTH));
}

const TAG = /^<(?:!doctype\s+html|html|head|body)\b/i;

/** Enough for a doctype with some blanks. */
const TAG_LENGTH = 100;

/** A byte order mark counts as a blank. */
function afterBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at]!.trim() === "") at++;
  return at;
}
