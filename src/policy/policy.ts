/**
 * What `policy.toml` says.
 *
 * @module
 */

import type { ReleaseRule } from "./release_rule.ts";

/** The policy of a home. */
export interface Policy {
  /** The file. It need not exist: then everything is allowed. */
  readonly path: string;
  /** What is wrong with the file. Where anything is, it denies everything. */
  readonly problems: readonly PolicyProblem[];
  readonly deny: readonly DenyRule[];
  /** Where releases may come from; null: from anywhere. */
  readonly allowedReleases: readonly ReleaseRule[] | null;
  /** Whether a release without a checksum must not be used. */
  readonly requireChecksum: boolean;
}

/** One entry of `services.deny` or `servers.deny`. */
export interface DenyRule {
  /** A name, or `*` for all. */
  readonly entry: string;
  /** As a person writes it, such as `services.deny`. */
  readonly key: string;
  /** From 1; null where it is not known. */
  readonly line: number | null;
}

/** One thing that is wrong with the file. */
export interface PolicyProblem {
  /** From 1; null where it is not about a line. */
  readonly line: number | null;
  /** From 1; null where it is not known. */
  readonly column: number | null;
  /** As a person writes it; empty where it is about the whole file. */
  readonly key: string;
  /** For people, without a full stop. */
  readonly message: string;
}

/**
 * The policy of a home without a `policy.toml`.
 *
 * @param path Where it would stand.
 * @returns A policy that allows everything.
 */
export function openPolicy(path: string): Policy {
  return { path, problems: [], deny: [], allowedReleases: null, requireChecksum: false };
}

/**
 * A problem as a person reads it.
 *
 * @param problem The problem.
 * @returns Such as `line 3, column 5: services.deny: expected a list`.
 */
export function describeProblem({ line, column, key, message }: PolicyProblem): string {
  const place = line === null ? [] : [`line ${line}${column === null ? "" : `, column ${column}`}`];
  return [...place, ...key === "" ? [] : [key], message].join(": ");
}
