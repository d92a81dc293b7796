/**
 * What a release says of itself: `deno run --allow-read scripts/release/release_notes.ts v1.2.3` prints the
 * notes of a tag, and fails where tag, `deno.json` and `CHANGELOG.md` do not name the same version.
 *
 * @module
 */

import { HaleError } from "../../src/errors.ts";

/** A version in the changelog. */
export interface ChangelogEntry {
  readonly version: string;
  readonly notes: string;
}

/**
 * The newest version of a changelog that is released, or about to be.
 *
 * @param changelog Its text: a heading `## VERSION` a version, the newest first.
 * @returns The version and what is said of it; null where there is none.
 */
export function newestEntry(changelog: string): ChangelogEntry | null {
  return entriesOf(changelog).find(({ version }) => version !== UNRELEASED) ?? null;
}

/** The heading of what the next release will bring. */
const UNRELEASED = "[Unreleased]";

function entriesOf(changelog: string): ChangelogEntry[] {
  const headings = changelog.matchAll(/^## (\S+).*\n([\s\S]*?)(?=^## |$(?![\s\S]))/gm);
  return [...headings].map((match) => ({ version: match[1]!, notes: match[2]!.trim() }));
}

/**
 * The notes of a release.
 *
 * @param tag Such as `v1.2.3`.
 * @param source The version of `deno.json`, and the text of `CHANGELOG.md`.
 * @returns What the changelog says of it.
 * @throws {HaleError} `usage` If the three do not name one version, or nothing is said of it.
 */
export function releaseNotes(
  tag: string,
  source: { readonly version: string; readonly changelog: string },
): string {
  const entry = newestEntry(source.changelog);
  const named = {
    "the tag": tag.replace(/^v/, ""),
    "deno.json": source.version,
    "CHANGELOG.md": entry?.version ?? "none",
  };
  if (!tag.startsWith("v") || new Set(Object.values(named)).size > 1) {
    const told = Object.entries(named).map(([where, version]) => `${where}: ${version}`).join(", ");
    throw new HaleError(
      "usage",
      `The tag ${tag} cannot be released: a tag is v and the version, and the version stands in ` +
        `three places, which are to agree (${told}).`,
      { fields: { tag, ...named } },
    );
  }
  const pending = entriesOf(source.changelog).find(({ version }) => version === UNRELEASED);
  if (pending !== undefined && pending.notes !== "") {
    throw new HaleError(
      "usage",
      `CHANGELOG.md still has entries below ${UNRELEASED}: move them below ${tag.slice(1)}.`,
      { fields: { tag } },
    );
  }
  if (entry!.notes !== "") return entry!.notes;
  throw new HaleError("usage", `CHANGELOG.md says nothing of ${tag}: write what has changed.`);
}

if (import.meta.main) {
  const root = new URL("../..", import.meta.url);
  const { version } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  const changelog = await Deno.readTextFile(new URL("CHANGELOG.md", root));
  try {
    console.log(releaseNotes(Deno.args[0] ?? "", { version, changelog }));
  } catch (error) {
    if (!(error instanceof HaleError)) throw error;
    console.error(error.message);
    Deno.exitCode = error.exitStatus;
  }
}
