/**
 * Names of the machines that engines are released for: Go's words, which most vendors use.
 *
 * @module
 */

/** Operating systems hale knows. */
export type TargetOs = "linux" | "darwin" | "windows";

/** Processor architectures hale knows. */
export type TargetArch = "amd64" | "arm64";

/** A machine that an executable runs on. */
export interface Target {
  readonly os: TargetOs;
  readonly arch: TargetArch;
}

/** Every target, for lock files and releases that cover all of them. */
export const TARGETS: readonly Target[] = [
  { os: "linux", arch: "amd64" },
  { os: "linux", arch: "arm64" },
  { os: "darwin", arch: "amd64" },
  { os: "darwin", arch: "arm64" },
  { os: "windows", arch: "amd64" },
];

/**
 * The name of a target in the cache, in lock files and in the keys of `targets`.
 *
 * @param target The machine.
 * @returns Such as `linux-amd64`.
 */
export function targetName(target: Target): string {
  return `${target.os}-${target.arch}`;
}
