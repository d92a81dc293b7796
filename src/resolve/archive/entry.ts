/** An entry of an archive. */
export interface ArchiveEntry {
  /** The name in the archive. Untrusted. */
  readonly name: string;
  readonly kind: "file" | "folder" | "symlink" | "hardlink";
  /** Whether its owner, its group or others may execute it. */
  readonly executable: boolean;
  /** Target of a link as the archive has it; empty for other kinds. Untrusted. */
  readonly link: string;
  /**
   * Contents of a file. Read all or nothing of it before requesting the next entry. A chunk is valid
   * until the next one is requested.
   */
  readonly chunks: AsyncIterable<Uint8Array>;
}
