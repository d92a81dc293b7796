/** A syntax error in TOML. The message never quotes the document, which may contain secrets. */
export class TomlError extends Error {
  override readonly name = "TomlError";
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;

  /**
   * @param reason What was expected, for people.
   * @param position Line and column, from 1.
   */
  constructor(reason: string, position: { readonly line: number; readonly column: number }) {
    super(reason);
    this.line = position.line;
    this.column = position.column;
  }
}
