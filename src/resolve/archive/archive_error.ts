/** An archive that is damaged or breaks a rule. The message is the end of a sentence. */
export class ArchiveError extends Error {
  override readonly name = "ArchiveError";
}
