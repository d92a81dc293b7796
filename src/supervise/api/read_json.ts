import { HaleError, messageOf } from "../../errors.ts";

/** A configuration of hundreds of services with long environments stays far below this. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/**
 * Reads the body of a request.
 *
 * @param request The request.
 * @returns The object it holds, unchecked.
 * @throws {HaleError} `limit_too_large` If it is too long, `usage` if it is no JSON object.
 */
export async function readJson<T>(request: Request): Promise<T> {
  const announced = Number(request.headers.get("content-length") ?? 0);
  const chunks: Uint8Array[] = [];
  let size = announced > MAX_BODY_BYTES ? announced : 0;
  if (size === 0 && request.body !== null) {
    for await (const chunk of request.body) {
      size += chunk.byteLength;
      if (size > MAX_BODY_BYTES) break;
      chunks.push(chunk);
    }
  }
  if (size > MAX_BODY_BYTES) {
    throw new HaleError(
      "limit_too_large",
      `A request may have ${MAX_BODY_BYTES} bytes; this one has ${size} or more.`,
      { fields: { max: MAX_BODY_BYTES } },
    );
  }
  let body;
  try {
    body = JSON.parse(await new Blob(chunks as BlobPart[]).text());
  } catch (error) {
    throw new HaleError("usage", `The request is not JSON: ${messageOf(error)}`, { cause: error });
  }
  if (typeof body === "object" && body !== null) return body;
  throw new HaleError("usage", "The request is not a JSON object.");
}
