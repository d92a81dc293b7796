/**
 * The content of `policy.toml`.
 *
 * @module
 */

import type { ReleaseRule } from "./release_rule.ts";

/** The policy of a home. */
export interface Policy {
  /** Path of the file. If it does not exist, everything is allowed. */
  readonly path: string;
  /** The problems of the file. If there are any, everything is denied. */
  readonly problems: readonly PolicyProblem[];
  readonly deny: readonly DenyRule[];
  /** Allowed sources of releases; null if all are allowed. */
  readonly allowedReleases: readonly ReleaseRule[] | null;
  /** Whether releases without a checksum are denied. */
  readonly requireChecksum: boolean;
}

/** One entry of `services.deny` or `servers.deny`. */
export interface DenyRule {
  /** A name, or `*` for all services. */
  readonly entry: string;
  /** The key, such as `services.deny`. */
  readonly key: string;
  /** Line number, from 1; null if it is not known. */
  readonly line: number | null;
}

/** One mistake in the file. */
export interface PolicyProblem {
  /** Line number, from 1; null if the problem is not in a line. */
  readonly line: number | null;
  /** Column, from 1; null if it is not known. */
  readonly column: number | null;
  /** The key; empty if the problem is about the whole file. */
  readonly key: string;
  /** For people, without a full stop. */
  readonly message: string;
}

/**
 * Returns the policy of a home without a `policy.toml`.
 *
 * @param path Path of the file.
 * @returns A policy that allows everything.
 */
export function openPolicy(path: string): Policy {
  return { path, problems: [], deny: [], allowedReleases: null, requireChecksum: false };
}

/**
 * Formats a problem for people.
 *
 * @param problem The problem.
 * @returns Such as `line 3, column 5: services.deny: expected a list`.
 */
export function describeProblem({ line, column, key, message }: PolicyProblem): string {
  const place = line === null ? [] : [`line ${line}${column === null ? "" : `, column ${column}`}`];
  return [...place, ...key === "" ? [] : [key], message].join(": ");
}
