import fc from "fast-check";
import type { Input } from "./fuzz_target.ts";
import { latin1Bytes } from "./mutations.ts";

const status = fc.constantFrom(
  ...["200 OK", "200", "204 No Content", "206 Partial Content", "301 Moved", "302 Found", "304 x"],
  ...["401 x", "403 x", "404 Not Found", "407 x", "408 x", "416 x", "429 x", "500 x", "503 x"],
  ...[
    "100 Continue\r\n\r\nHTTP/1.1 200 OK",
    "103 Early Hints",
    "199 x",
    "099 x",
    "999 x",
    "2000 x",
  ],
);

const header = fc.constantFrom(
  ...["Content-Length: 3", "Content-Length: 0", "Content-Length: 3, 3", "Content-Length: -1"],
  ...[
    "Content-Length: 99999999999999999999",
    "Content-Length: x",
    "Content-Length: 5\r\nContent-Length: 3",
  ],
  ...["Transfer-Encoding: chunked", "Transfer-Encoding: gzip", "Content-Encoding: gzip"],
  ...[
    "Content-Range: bytes 0-2/3",
    "Content-Range: bytes 5-2/3",
    "Content-Range: bytes */3",
    'ETag: "a"',
  ],
  ...['ETag: W/"a"', 'ETag: a"b', "Last-Modified: x", "Retry-After: 0", "Retry-After: 99999999999"],
  ...[
    "Retry-After: Wed, 21 Oct 2099 07:28:00 GMT",
    "Retry-After: -5",
    "Location: /other",
    "Location: //",
  ],
  ...["Location: file:///etc/passwd", "Location: javascript:0", "Location: http://[", "Location:"],
  ...[
    "Connection: close",
    "Connection: keep-alive",
    "Upgrade: h2c",
    "X: \xff\xfe",
    "X",
    ": x",
    " folded",
  ],
  ...[`X: ${"y".repeat(70_000)}`, "Set-Cookie: a=b", "Content-Type: text/html"],
);

/**
 * Makes answers of HTTP servers.
 *
 * @param bodies Their bodies.
 */
export function answerInputs(bodies: fc.Arbitrary<string>): fc.Arbitrary<Input> {
  return fc.record({
    version: fc.constantFrom(
      "HTTP/1.1",
      "HTTP/1.1",
      "HTTP/1.1",
      "HTTP/1.0",
      "HTTP/2",
      "ICY",
      "http/1.1",
    ),
    status,
    headers: fc.array(header, { maxLength: 4 }),
    length: fc.boolean(),
    body: bodies,
    isChunked: fc.boolean(),
    end: fc.constantFrom("\r\n", "\r\n", "\r\n", "\n"),
  }).map(({ version, status, headers, length, body, isChunked, end }) => {
    const sent = isChunked ? `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n` : body;
    const lines = [
      `${version} ${status}`,
      ...headers,
      ...length ? [`Content-Length: ${sent.length}`] : [],
      ...isChunked ? ["Transfer-Encoding: chunked"] : [],
    ];
    return latin1Bytes([...lines, "", sent].join(end));
  });
}

/** Parts of answers. */
export const ANSWER_WORDS: readonly string[] = [
  ...[
    "HTTP/1.1 200 OK\r\n",
    "HTTP/1.1 206 OK\r\n",
    "\r\n\r\n",
    "Content-Length: 3\r\n",
    "0\r\n\r\n",
  ],
  ...[
    "Transfer-Encoding: chunked\r\n",
    "Location: /a\r\n",
    'ETag: "a"\r\n',
    "ffffffffffffffff\r\n",
  ],
];
