import type { Target } from "../model/target.ts";
import { HaleError } from "../errors.ts";

/**
 * The machine this program runs on, in the words of releases.
 *
 * @returns The target.
 * @throws {HaleError} `binary_unavailable` If hale has no word for this system or processor.
 */
export function hostTarget(): Target {
  return targetOf(Deno.build);
}

/**
 * The target for Deno's names of a system and a processor.
 *
 * @param build `Deno.build`, or a recorded one.
 * @returns The target.
 * @throws {HaleError} `binary_unavailable` If hale has no word for it.
 */
export function targetOf(build: { os: string; arch: string }): Target {
  const arch = build.arch === "x86_64" ? "amd64" : build.arch === "aarch64" ? "arm64" : null;
  const os = build.os === "linux" || build.os === "darwin" || build.os === "windows"
    ? build.os
    : null;
  if (arch === null || os === null) {
    throw new HaleError(
      "binary_unavailable",
      `hale does not know releases for ${build.os} on ${build.arch}. ` +
        "Build the program yourself and name it with `binary` or `command`.",
      { fields: { os: build.os, arch: build.arch } },
    );
  }
  return { os, arch };
}
