/**
 * Returns whether a text starts like a web page. Captive portals, login pages and "not found" pages
 * with status 200 send one instead of the file.
 *
 * @param beginning The first characters.
 * @returns Whether it is HTML. Checksum files, executables and archives do not start like this.
 */
export function looksLikeHtml(beginning: string): boolean {
  return /^\uFEFF?\s*(<!--[^]*?-->\s*)*<(!doctype\s+html|html|head|body)\b/i.test(beginning);
}
