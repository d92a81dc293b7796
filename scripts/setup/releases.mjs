// @ts-check
// Where releases of hale are, and which of them is wanted.

import { readFileSync } from "node:fs";
import process from "node:process";
import { format, maxSatisfying, tryParse, tryParseRange } from "@std/semver";
import { fetchOk } from "./fetch_ok.mjs";
import { SetupError } from "./runner.mjs";

const GITHUB = "https://github.com";
/** As many pages of a hundred releases are looked through. */
const MAX_PAGES = 5;

/** @typedef {{ server: string, api: string, repository: string }} Releases */

/**
 * Where releases are: in the repository that this action is from. `HALE_RELEASES_ENDPOINT` and
 * `HALE_REPOSITORY` name a mirror, as they do for `hale upgrade`.
 *
 * @returns {Releases}
 */
export function findReleases() {
  const { env } = process;
  const repository = env.HALE_REPOSITORY || env.GITHUB_ACTION_REPOSITORY || env.GITHUB_REPOSITORY;
  if (!repository) {
    throw new SetupError("Nothing says which repository hale is released in: set HALE_REPOSITORY.");
  }
  const server = (env.HALE_RELEASES_ENDPOINT || GITHUB).replace(/\/+$/, "");
  // Elsewhere GitHub's API is below the server, as on an Enterprise Server.
  const api = server === GITHUB ? "https://api.github.com" : `${server}/api/v3`;
  return { server, api, repository };
}

/**
 * What was asked for: the input, else the file's, else `latest`.
 *
 * @param {{ version: string, versionFile: string }} inputs
 * @returns {string}
 */
export function wantedVersion({ version, versionFile }) {
  if (version !== "") return version;
  if (versionFile === "") return "latest";
  let text;
  try {
    text = readFileSync(versionFile, "utf8");
  } catch (error) {
    throw new SetupError(`The version-file ${versionFile} cannot be read: ${messageOf(error)}.`);
  }
  const lines = text.split(/\r?\n/).map((line) => line.replace(/#.*/, "").trim()).filter(Boolean);
  // `.tool-versions` names many tools, a line each.
  const named = lines.find((line) => /^hale\s/.test(line))?.split(/\s+/)[1];
  if (named !== undefined) return named;
  if (lines.length === 1 && !/\s/.test(lines[0] ?? "")) return lines[0] ?? "";
  throw new SetupError(
    `The version-file ${versionFile} names no version of hale: write it alone, or as "hale 1.2.3".`,
  );
}

/**
 * The release that is wanted.
 *
 * @param {string} wanted Exact, a range, or `latest`.
 * @param {Releases} releases Where to look.
 * @param {string} token For GitHub's API, and sent nowhere else; may be empty.
 * @returns {Promise<string>} Its version, without a `v`.
 */
export async function chooseVersion(wanted, releases, token) {
  const exact = tryParse(wanted);
  if (exact !== undefined) return format(exact);
  if (wanted === "latest") return await latestVersion(releases);
  const range = tryParseRange(wanted);
  if (range === undefined) {
    throw new SetupError(
      `${JSON.stringify(wanted)} is no version: write 1.2.3, a range such as ^1.2, or latest.`,
    );
  }
  const found = maxSatisfying(await releasedVersions(releases, token), range);
  if (found !== undefined) return format(found);
  throw new SetupError(`No release of ${releases.repository} is in the range ${wanted}.`);
}

/** @param {Releases} releases */
async function latestVersion({ server, repository }) {
  const url = `${server}/${repository}/releases/latest`;
  const response = await fetchOk(url, { redirect: "manual" });
  const location = response.headers.get("location") ?? "";
  const tag = /\/releases\/tag\/v([^/?#]+)$/.exec(location)?.[1];
  if (tag !== undefined) return decodeURIComponent(tag);
  throw new SetupError(`${url} names no release (it answered ${response.status}).`);
}

/** @param {Releases} releases @param {string} token */
async function releasedVersions({ api, repository }, token) {
  const versions = [];
  for (let page = 1; page <= MAX_PAGES; page++) {
    const response = await fetchOk(
      `${api}/repos/${repository}/releases?per_page=100&page=${page}`,
      {
        headers: {
          accept: "application/vnd.github+json",
          ...(token === "" ? {} : { authorization: `Bearer ${token}` }),
        },
      },
    );
    const list = await response.json();
    for (const { tag_name: tag, draft, prerelease } of list) {
      const version = draft || prerelease ? undefined : tryParse(tag);
      if (version?.prerelease?.length === 0) versions.push(version);
    }
    if (list.length < 100) break;
  }
  return versions;
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
