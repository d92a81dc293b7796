import { format } from "@std/fmt/bytes";
import { messageOf } from "../../errors.ts";
import { freeSpace } from "../../platform/free_space.ts";
import { type Found, note, ok, wrong } from "./finding.ts";

const MIB = 1024 ** 2;

/** With less, a few faulty services fill the disk within minutes. */
const LITTLE = 512 * MIB;

/** With less, not even the events of one runtime fit. */
const TOO_LITTLE = 64 * MIB;

/**
 * Checks the free disk space.
 *
 * @param folder An existing folder.
 * @returns The result.
 */
export function checkSpace(folder: string): Found {
  let free;
  try {
    free = freeSpace(folder);
  } catch (error) {
    return note(folder, `Cannot determine the free disk space: ${messageOf(error)}.`);
  }
  const { bytes, files } = free;
  const space = `${format(bytes, { binary: true })} of disk space free`;
  const remedy =
    "Free some space. On a full disk services keep running, but their logs and events are lost.";
  if (files === 0) {
    return wrong(
      folder,
      "The filesystem has no free inodes: hale cannot create files.",
      remedy,
    );
  }
  if (bytes < TOO_LITTLE) return wrong(folder, `Only ${space}.`, remedy);
  if (bytes < LITTLE) return note(folder, `Only ${space}.`, remedy);
  return ok(folder, `${space}.`);
}
