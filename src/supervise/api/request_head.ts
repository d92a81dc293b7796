/** The head of a request to the API. */
export interface RequestHead {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  /** Length of the body in bytes; `chunked` if the body itself says where it ends. */
  readonly bodyLength: number | "chunked";
}

/**
 * Parses the head of an HTTP/1.1 request (RFC 9112). What clients disagree about is not accepted: two
 * lengths of the body, a header over several lines, spaces before a colon.
 *
 * @param bytes The head, without the empty line at its end.
 * @returns The head; null if it is not a valid one.
 */
export function parseRequestHead(bytes: Uint8Array): RequestHead | null {
  // Not a decoder of "latin1", which is windows-1252: values of headers are bytes.
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  const [first = "", ...lines] = text.split("\r\n");
  const [, method, path] =
    /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (\/[^ ]*) HTTP\/1\.1$/.exec(first) ?? [];
  if (method === undefined || path === undefined) return null;
  try {
    const headers = new Headers();
    for (const line of lines) {
      const colon = line.indexOf(":");
      if (colon < 1) return null;
      headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
    }
    const bodyLength = bodyLengthOf(headers);
    if (bodyLength === null) return null;
    return { method, url: new URL(`http://localhost${path}`), headers, bodyLength };
  } catch {
    return null; // A name, a value or a path that is not valid.
  }
}

function bodyLengthOf(headers: Headers): RequestHead["bodyLength"] | null {
  const encoding = headers.get("transfer-encoding");
  const length = headers.get("content-length");
  if (encoding !== null) {
    return encoding.toLowerCase() === "chunked" && length === null ? "chunked" : null;
  }
  return /^[0-9]{1,15}$/.test(length ?? "0") ? Number(length ?? "0") : null;
}
