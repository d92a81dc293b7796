/**
 * Whether a text is the beginning of a web page: what a captive portal, a login page or a "not
 * found" page with status 200 sends in place of a file.
 *
 * @param beginning The first characters.
 * @returns Whether no checksum file, executable or archive begins like this.
 */
export function looksLikeHtml(beginning: string): boolean {
  return /^\uFEFF?\s*(<!--[^]*?-->\s*)*<(!doctype\s+html|html|head|body)\b/i.test(beginning);
}
