import { HaleError, messageOf } from "../../errors.ts";
import { resolve as absolutePath } from "../../platform/path.ts";

/**
 * Looks at a file that a person brings in by hand, before anything else is done.
 *
 * @param path The file.
 * @throws {HaleError} `usage` If there is no such file.
 */
export function checkSideload(path: string): void {
  const absolute = absolutePath(path);
  let fault: string;
  try {
    if (Deno.statSync(absolute).isFile) return;
    fault = "is not a file";
  } catch (error) {
    fault = error instanceof Deno.errors.NotFound
      ? "is not there"
      : `cannot be looked at (${messageOf(error)})`;
  }
  throw new HaleError("usage", `--from names ${absolute}, which ${fault}. Correct the path.`, {
    fields: { path: absolute },
  });
}

/**
 * The error for a file that is brought in by hand, and of which nobody says what it must be.
 *
 * @param path The file.
 * @param cause What was thrown when its checksum was looked for.
 * @returns The error, `usage`.
 */
export function missingHash(path: string, cause: HaleError): HaleError {
  const absolute = absolutePath(path);
  return new HaleError(
    "usage",
    `Nothing says which SHA-256 ${absolute} must have, and without one it is not brought in. Name ` +
      `it with --sha256 HASH, in ${absolute}.sha256 or in a SHA256SUMS beside the file.`,
    { fields: { path: absolute }, cause },
  );
}
