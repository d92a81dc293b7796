/** Text that is no TOML, with the place. Its message never quotes the text: that may be secret. */
export class TomlError extends Error {
  override readonly name = "TomlError";
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;

  /**
   * @param text The whole document.
   * @param offset Where in it the fault is.
   * @param reason What is wrong there, for people.
   */
  constructor(text: string, offset: number, reason: string) {
    super(reason);
    const before = text.slice(0, offset).split("\n");
    this.line = before.length;
    this.column = before.at(-1)!.length + 1;
  }
}
