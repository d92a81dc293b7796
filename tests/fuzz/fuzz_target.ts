import type fc from "fast-check";

/** Bytes that come from outside. */
export type Input = Uint8Array<ArrayBuffer>;

/** A reader of `src`, and what must hold for every input. */
export interface FuzzTarget {
  /** Inputs with the structure of the format, beside mutations of the corpus. */
  readonly inputs?: fc.Arbitrary<Input>;
  /** Parts of the format that mutations insert. */
  readonly words?: readonly string[];
  /**
   * Reads an input and checks the properties.
   *
   * @param input The input. It must not be changed.
   * @throws If a property does not hold.
   */
  check(input: Input): void | Promise<void>;
  /** Ends what the target started. */
  close?(): void | Promise<void>;
}

/**
 * Makes a target.
 *
 * @param folder An empty folder of its own.
 */
export type OpenTarget = (folder: string) => FuzzTarget | Promise<FuzzTarget>;
