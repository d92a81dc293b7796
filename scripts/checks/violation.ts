/** Something in the repository that a check refuses. */
export interface Violation {
  /** Path from the root, with slashes. */
  readonly file: string;
  readonly line: number;
  /** What is wrong, and what is right. */
  readonly message: string;
}

/**
 * Prints violations; with any, the program ends with status 1.
 *
 * @param violations What a check has found.
 */
export function reportViolations(violations: readonly Violation[]): void {
  for (const { file, line, message } of violations) console.error(`${file}:${line}: ${message}`);
  if (violations.length > 0) Deno.exitCode = 1;
}
