import { HaleError } from "../../src/errors.ts";
import { suggest } from "../../src/text/suggest.ts";
import { targetName, TARGETS } from "../../src/model/target.ts";

/** One executable to build. */
export interface Artifact {
  /** hale's word for the machine, such as `linux-amd64`. */
  readonly target: string;
  /** Deno's word for it, such as `x86_64-unknown-linux-gnu`. */
  readonly triple: string;
  /** Such as `hale-linux-amd64`: what `SHA256SUMS` and the releases call it. */
  readonly fileName: string;
}

/** What `deno compile` can build for. There is no musl among it. */
const TRIPLES: Readonly<Record<string, string>> = {
  "linux-amd64": "x86_64-unknown-linux-gnu",
  "linux-arm64": "aarch64-unknown-linux-gnu",
  "darwin-amd64": "x86_64-apple-darwin",
  "darwin-arm64": "aarch64-apple-darwin",
  "windows-amd64": "x86_64-pc-windows-msvc",
};

/** Names of all targets. */
export const TARGET_NAMES: readonly string[] = TARGETS.map(targetName);

/**
 * What is built for a target.
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
      `hale cannot be compiled for ${JSON.stringify(target)}, only for ` +
        `${TARGET_NAMES.join(", ")}.` + (meant === null ? "" : ` Did you mean ${meant}?`),
      { fields: { target } },
    );
  }
  const ending = target.startsWith("windows-") ? ".exe" : "";
  return { target, triple, fileName: `hale-${target}${ending}` };
}
