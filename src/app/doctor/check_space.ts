import { format } from "@std/fmt/bytes";
import { messageOf } from "../../errors.ts";
import { freeSpace } from "../../platform/free_space.ts";
import { type Found, note, ok, wrong } from "./finding.ts";

const MIB = 1024 ** 2;

/** Below this a few services fill the disk within minutes of a fault. */
const LITTLE = 512 * MIB;

/** Below this not even the events of one runtime find room. */
const TOO_LITTLE = 64 * MIB;

/**
 * Looks at the space that is left.
 *
 * @param folder A folder that is there.
 * @returns How much is left.
 */
export function checkSpace(folder: string): Found {
  let free;
  try {
    free = freeSpace(folder);
  } catch (error) {
    return note(folder, `The system does not tell how much space is left: ${messageOf(error)}.`);
  }
  const { bytes, files } = free;
  const left = `${format(bytes, { binary: true })} of space is left`;
  const remedy = "Free some space: what cannot be written is lost, though services run on.";
  if (files === 0) return wrong(folder, "No more files can be created.", remedy);
  if (bytes < TOO_LITTLE) return wrong(folder, `Only ${left}.`, remedy);
  if (bytes < LITTLE) return note(folder, `Only ${left}.`, remedy);
  return ok(folder, `${left}.`);
}
