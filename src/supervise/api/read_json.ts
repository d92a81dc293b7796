import { HaleError, messageOf } from "../../errors.ts";
import { type FieldRules, findBrokenField, isRecord } from "../../model/field_rules.ts";

/** A configuration of hundreds of services with long environments stays far below this. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/**
 * Reads the body of a request as a JSON object.
 *
 * @param request The request.
 * @param rules The rules for its fields.
 * @returns The object.
 * @throws {HaleError} `limit_too_large` If the body is too large, `usage` if it is not a JSON object or a
 * field is missing or invalid.
 */
export async function readJson<T>(request: Request, rules: FieldRules<T>): Promise<T> {
  const announced = Number(request.headers.get("content-length") ?? 0);
  const chunks: Uint8Array[] = [];
  let size = announced > MAX_BODY_BYTES ? announced : 0;
  if (size === 0 && request.body !== null) {
    try {
      for await (const chunk of request.body) {
        size += chunk.byteLength;
        if (size > MAX_BODY_BYTES) break;
        chunks.push(chunk);
      }
    } catch (error) {
      throw new HaleError("usage", `The request body cannot be read: ${messageOf(error)}.`, {
        cause: error,
      });
    }
  }
  if (size > MAX_BODY_BYTES) {
    throw new HaleError(
      "limit_too_large",
      `The request body has ${size} bytes or more; the limit is ${MAX_BODY_BYTES}.`,
      { fields: { max: MAX_BODY_BYTES } },
    );
  }
  let body;
  try {
    body = JSON.parse(await new Blob(chunks as BlobPart[]).text());
  } catch (error) {
    throw new HaleError("usage", `The request body is not JSON: ${messageOf(error)}`, {
      cause: error,
    });
  }
  if (!isRecord(body)) throw new HaleError("usage", "The request body is not a JSON object.");
  const broken = findBrokenField(body, rules);
  if (broken === null) return body as T;
  throw new HaleError(
    "usage",
    `The request body is invalid: ${broken}. Nothing was changed. \`hale help api\` describes the requests.`,
  );
}
