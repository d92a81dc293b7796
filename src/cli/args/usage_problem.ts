/**
 * Mistakes in a command line.
 *
 * @module
 */

import { HaleError } from "../../errors.ts";

/** Something in the command line that cannot be meant. */
export class UsageProblem extends Error {
  override readonly name = "UsageProblem";
  /** A word that was not known, and those that are. */
  readonly misspelt: { readonly word: string; readonly known: readonly string[] } | null;

  /**
   * @param message What is wrong, as a whole sentence.
   * @param misspelt Set where a known word may have been meant.
   */
  constructor(message: string, misspelt: UsageProblem["misspelt"] = null) {
    super(message);
    this.misspelt = misspelt;
  }
}

/**
 * The error for a mistake: what is wrong, what may have been meant, where to read on.
 *
 * @param problem The mistake.
 * @param commandName The command it was made with; null where none was understood.
 * @returns The error.
 */
export async function usageError(
  problem: UsageProblem,
  commandName: string | null,
): Promise<HaleError> {
  const sentences = [problem.message];
  if (problem.misspelt !== null) {
    // Only a mistake pays for loading the distance between words.
    const { suggest } = await import("../../text/suggest.ts");
    const meant = suggest(problem.misspelt.word, problem.misspelt.known);
    if (meant !== null) sentences.push(`Did you mean ${meant}?`);
  }
  const help = commandName === null ? "hale --help" : `hale ${commandName} --help`;
  sentences.push(`See "${help}".`);
  return new HaleError("usage", sentences.join(" "), { fields: { command: commandName } });
}
