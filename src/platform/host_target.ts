import type { Target } from "../model/target.ts";
import { HaleError } from "../errors.ts";

/**
 * Returns the target of this machine: its operating system and architecture as releases name them.
 *
 * @returns The target.
 * @throws {HaleError} `binary_unavailable` If there are no releases for this system or architecture.
 */
export function hostTarget(): Target {
  return targetOf(Deno.build);
}

/**
 * Converts Deno's names of a system and an architecture to a target.
 *
 * @param build `Deno.build`, or a recorded one.
 * @returns The target.
 * @throws {HaleError} `binary_unavailable` If there are no releases for it.
 */
export function targetOf(build: { os: string; arch: string }): Target {
  const arch = build.arch === "x86_64" ? "amd64" : build.arch === "aarch64" ? "arm64" : null;
  const os = build.os === "linux" || build.os === "darwin" || build.os === "windows"
    ? build.os
    : null;
  if (arch === null || os === null) {
    throw new HaleError(
      "binary_unavailable",
      `hale supports no releases for ${build.os} on ${build.arch}. ` +
        "Build the program yourself and set `binary` or `command` in hale.toml.",
      { fields: { os: build.os, arch: build.arch } },
    );
  }
  return { os, arch };
}
