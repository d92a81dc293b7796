/**
 * What is done about snapshots that are not as this hale writes them, once all of a runtime was
 * found good.
 *
 * @module
 */

import { basename, dirname, extname, join } from "../../platform/path.ts";
import { writeFileDurableSync } from "../../files/atomic_file.ts";
import { quarantineFile } from "../../files/quarantine.ts";
import { snapshotText } from "./snapshot.ts";
import type { SnapshotFile } from "./snapshot_file.ts";
import { storeIo } from "../../files/io_error.ts";
import { isThere } from "../../files/is_there.ts";

/** Any of the files that are replaced as a whole. */
type AnySnapshotFile = SnapshotFile<Parameters<typeof snapshotText>[0]>;

/**
 * Puts a snapshot in its place that was read from elsewhere or migrated. What stood there is kept:
 * the remains of a power cut as `service.json.torn`, a snapshot of schema version 1 as
 * `service.v1.json`.
 *
 * @param file The snapshot as it was found.
 * @param operation What it is for, in case of an error.
 * @returns What a person should know of it, or null where there was nothing to do.
 * @throws {HaleError} `store_io` If the system refuses.
 */
export function recoverSnapshot(file: AnySnapshotFile, operation: string): string | null {
  const { path, snapshot, text, version, damaged } = file;
  const migrated = snapshot !== null && version !== snapshot.schema_version;
  if (!damaged && !migrated) return null;
  try {
    const aside = damaged ? quarantineFile(path, "torn") : null;
    if (migrated) keepCopy(path, { text, version, operation });
    if (snapshot !== null) writeFileDurableSync(path, snapshotText(snapshot), operation);
    if (aside === null) return null;
    return `A power cut has left nothing of ${path}: its remains are set aside in ${aside}. ` +
      (snapshot === null
        ? "Nothing of it was ever on disk."
        : "The version before it stands again.");
  } catch (error) {
    throw storeIo(operation, path, error);
  }
}

/** The copy of the first migration stays: it is what the older hale wrote. */
function keepCopy(
  path: string,
  { text, version, operation }: { text: string; version: number; operation: string },
): void {
  const ending = extname(path);
  const copy = join(dirname(path), `${basename(path, ending)}.v${version}${ending}`);
  if (!isThere(copy)) writeFileDurableSync(copy, text, operation);
}
