/**
 * Names of operating systems and architectures. They are those of Go, which most vendors use.
 *
 * @module
 */

/** Supported operating systems. */
export type TargetOs = "linux" | "darwin" | "windows";

/** Supported processor architectures. */
export type TargetArch = "amd64" | "arm64";

/** The platform of an executable. */
export interface Target {
  readonly os: TargetOs;
  readonly arch: TargetArch;
}

/** All targets, for lock files and releases that cover every target. */
export const TARGETS: readonly Target[] = [
  { os: "linux", arch: "amd64" },
  { os: "linux", arch: "arm64" },
  { os: "darwin", arch: "amd64" },
  { os: "darwin", arch: "arm64" },
  { os: "windows", arch: "amd64" },
];

/**
 * Returns the name of a target in the cache, in lock files and in the keys of `targets`.
 *
 * @param target The platform.
 * @returns Such as `linux-amd64`.
 */
export function targetName(target: Target): string {
  return `${target.os}-${target.arch}`;
}
