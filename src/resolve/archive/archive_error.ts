/** An archive that is not unpacked. The message is the end of a sentence. */
export class ArchiveError extends Error {
  override readonly name = "ArchiveError";
}
