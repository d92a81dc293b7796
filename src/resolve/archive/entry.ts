/** What an archive holds under one name. */
export interface ArchiveEntry {
  /** As the archive writes it: not to be trusted. */
  readonly name: string;
  readonly kind: "file" | "folder" | "symlink" | "hardlink";
  /** Whether its owner, its group or others may execute it. */
  readonly executable: boolean;
  /** Where a link leads, as the archive writes it; empty for what is no link. */
  readonly link: string;
  /**
   * Contents of a file. To be read, all or nothing of it, before the next entry is asked for; a chunk is
   * good until the next one is asked for.
   */
  readonly chunks: AsyncIterable<Uint8Array>;
}
