import { HaleError } from "../../src/errors.ts";
import { suggest } from "../../src/text/suggest.ts";
import { targetName, TARGETS } from "../../src/model/target.ts";

/** An executable to build. */
export interface Artifact {
  /** hale's name of the target, such as `linux-amd64`. */
  readonly target: string;
  /** Deno's name of the target, such as `x86_64-unknown-linux-gnu`. */
  readonly triple: string;
  /** File name in releases and in `SHA256SUMS`, such as `hale-linux-amd64`. */
  readonly fileName: string;
}

/** The targets of `deno compile`. It does not support musl. */
const TRIPLES: Readonly<Record<string, string>> = {
  "linux-amd64": "x86_64-unknown-linux-gnu",
  "linux-arm64": "aarch64-unknown-linux-gnu",
  "darwin-amd64": "x86_64-apple-darwin",
  "darwin-arm64": "aarch64-apple-darwin",
  "windows-amd64": "x86_64-pc-windows-msvc",
};

/** The names of all targets. */
export const TARGET_NAMES: readonly string[] = TARGETS.map(targetName);

/**
 * Returns the executable for a target.
 *
 * @param target Such as `linux-amd64`.
 * @returns The artifact.
 * @throws {HaleError} `usage` If there is no such target.
 */
export function artifactFor(target: string): Artifact {
  const triple = TRIPLES[target];
  if (triple === undefined) {
    const meant = suggest(target, TARGET_NAMES);
    throw new HaleError(
      "usage",
      `Cannot compile hale for ${JSON.stringify(target)}, only for ` +
        `${TARGET_NAMES.join(", ")}.` + (meant === null ? "" : ` Did you mean ${meant}?`),
      { fields: { target } },
    );
  }
  const ending = target.startsWith("windows-") ? ".exe" : "";
  return { target, triple, fileName: `hale-${target}${ending}` };
}
