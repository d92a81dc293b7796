/**
 * Prints the notes of a release: `deno run --allow-read scripts/release/release_notes.ts v1.2.3`. Fails if
 * the tag, `deno.json` and `CHANGELOG.md` do not have the same version.
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
 * Returns the newest version in a changelog.
 *
 * @param changelog Its text, with a heading `## VERSION` for each version, the newest first.
 * @returns The version and its notes; null if there is none.
 */
export function newestEntry(changelog: string): ChangelogEntry | null {
  return entriesOf(changelog).find(({ version }) => version !== UNRELEASED) ?? null;
}

/** The heading of changes that are not released yet. */
const UNRELEASED = "[Unreleased]";

function entriesOf(changelog: string): ChangelogEntry[] {
  const headings = changelog.matchAll(/^## (\S+).*\n([\s\S]*?)(?=^## |$(?![\s\S]))/gm);
  return [...headings].map((match) => ({ version: match[1]!, notes: match[2]!.trim() }));
}

/**
 * Returns the notes of a release.
 *
 * @param tag Such as `v1.2.3`.
 * @param source The version in `deno.json` and the text of `CHANGELOG.md`.
 * @returns The notes.
 * @throws {HaleError} `usage` If the versions differ or there are no notes.
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
    const list = Object.entries(named).map(([where, version]) => `${where}: ${version}`).join(", ");
    throw new HaleError(
      "usage",
      `Cannot release the tag ${tag}: it must be "v" and the version that deno.json and ` +
        `CHANGELOG.md have (${list}).`,
      { fields: { tag, ...named } },
    );
  }
  const pending = entriesOf(source.changelog).find(({ version }) => version === UNRELEASED);
  if (pending !== undefined && pending.notes !== "") {
    throw new HaleError(
      "usage",
      `CHANGELOG.md still has entries under ${UNRELEASED}. Move them under ${tag.slice(1)}.`,
      { fields: { tag } },
    );
  }
  if (entry!.notes !== "") return entry!.notes;
  throw new HaleError(
    "usage",
    `CHANGELOG.md has no entries for ${tag}. Describe the changes there.`,
  );
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
