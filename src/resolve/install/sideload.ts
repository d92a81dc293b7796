import { HaleError, messageOf } from "../../errors.ts";
import { resolve as absolutePath } from "../../platform/path.ts";

/**
 * Checks that the file of `hale fetch --from` exists.
 *
 * @param path The file.
 * @throws {HaleError} `usage` If it does not exist or is not a file.
 */
export function checkSideload(path: string): void {
  const absolute = absolutePath(path);
  let fault: string;
  try {
    if (Deno.statSync(absolute).isFile) return;
    fault = "it is not a regular file";
  } catch (error) {
    fault = error instanceof Deno.errors.NotFound
      ? "it does not exist"
      : `it cannot be read (${messageOf(error)})`;
  }
  throw new HaleError(
    "usage",
    `Cannot install ${absolute}: ${fault}. Correct the path after --from.`,
    { fields: { path: absolute } },
  );
}

/**
 * Returns the error for a local file whose checksum is not known.
 *
 * @param path The file.
 * @param cause Error of the search for its checksum.
 * @returns The error, `usage`.
 */
export function missingHash(path: string, cause: HaleError): HaleError {
  const absolute = absolutePath(path);
  return new HaleError(
    "usage",
    `Cannot install ${absolute}: its expected SHA-256 is not known. Give it with --sha256 HASH, or ` +
      `put it into ${absolute}.sha256 or into a SHA256SUMS file in the same folder.`,
    { fields: { path: absolute }, cause },
  );
}
