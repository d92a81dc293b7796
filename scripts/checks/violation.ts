/** A violation of a rule of this repository. */
export interface Violation {
  /** Path relative to the root, with slashes. */
  readonly file: string;
  readonly line: number;
  /** The problem and the remedy. */
  readonly message: string;
}

/**
 * Prints violations. If there are any, sets exit status 1.
 *
 * @param violations The violations that a check has found.
 */
export function reportViolations(violations: readonly Violation[]): void {
  for (const { file, line, message } of violations) console.error(`${file}:${line}: ${message}`);
  if (violations.length > 0) Deno.exitCode = 1;
}
