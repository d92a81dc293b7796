/**
 * Mistakes in a command line.
 *
 * @module
 */

import { HaleError } from "../../errors.ts";

/** A mistake in a command line. */
export class UsageProblem extends Error {
  override readonly name = "UsageProblem";
  /** An unknown word and the words to suggest from. */
  readonly misspelt: { readonly word: string; readonly known: readonly string[] } | null;

  /**
   * @param message The mistake as a whole sentence.
   * @param misspelt Set to add a suggestion to the message.
   */
  constructor(message: string, misspelt: UsageProblem["misspelt"] = null) {
    super(message);
    this.misspelt = misspelt;
  }
}

/**
 * Makes the error for a mistake: the mistake, a suggestion, and a pointer to the help.
 *
 * @param problem The mistake.
 * @param commandName The command with the mistake; null if none was recognized.
 * @returns The `usage` error.
 */
export async function usageError(
  problem: UsageProblem,
  commandName: string | null,
): Promise<HaleError> {
  const sentences = [problem.message];
  if (problem.misspelt !== null) {
    // Loaded only for a mistake, to keep start-up short.
    const { suggest } = await import("../../text/suggest.ts");
    const suggestion = suggest(problem.misspelt.word, problem.misspelt.known);
    if (suggestion !== null) sentences.push(`Did you mean ${suggestion}?`);
  }
  const help = commandName === null ? "hale --help" : `hale ${commandName} --help`;
  sentences.push(`See "${help}".`);
  return new HaleError("usage", sentences.join(" "), { fields: { command: commandName } });
}
