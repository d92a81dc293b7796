/**
 * Restores and migrates the snapshots of a runtime, after all of its files were read and checked.
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

/** Any snapshot file. */
type AnySnapshotFile = SnapshotFile<Parameters<typeof snapshotText>[0]>;

/**
 * Writes a snapshot that was restored from its previous version or migrated. Keeps the old file: as
 * `service.json.torn` if a power cut damaged it, as `service.v1.json` if it has schema version 1.
 *
 * @param file The snapshot and the state of its file.
 * @param operation What the caller does, for the error message.
 * @returns A message for the user, or null if nothing was restored.
 * @throws {HaleError} `store_io` If a file cannot be written.
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
    return `A power cut damaged ${path}. The damaged file was moved to ${aside}. ` +
      (snapshot === null
        ? "No version of it was ever synced, so there is none to restore."
        : "Its previous version was restored.");
  } catch (error) {
    throw storeIo(operation, path, error);
  }
}

/** Copies the file of the older hale. An existing copy is the original and stays. */
function keepCopy(
  path: string,
  { text, version, operation }: { text: string; version: number; operation: string },
): void {
  const ending = extname(path);
  const copy = join(dirname(path), `${basename(path, ending)}.v${version}${ending}`);
  if (!isThere(copy)) writeFileDurableSync(copy, text, operation);
}
