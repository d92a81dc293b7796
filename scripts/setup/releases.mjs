// @ts-check
// Finds the requested release of hale.

import { readFileSync } from "node:fs";
import process from "node:process";
import { format, maxSatisfying, tryParse, tryParseRange } from "@std/semver";
import { fetchOk } from "./fetch_ok.mjs";
import { SetupError } from "./runner.mjs";

const GITHUB = "https://github.com";
/** Pages of a hundred releases that are searched for a range. */
const MAX_PAGES = 5;

/** @typedef {{ server: string, api: string, repository: string }} Releases */

/**
 * Determines the location of the releases: the repository of this action, or the mirror that
 * `HALE_RELEASES_ENDPOINT` and `HALE_REPOSITORY` name, as for `hale upgrade`.
 *
 * @returns {Releases}
 */
export function findReleases() {
  const { env } = process;
  const repository = env.HALE_REPOSITORY || env.GITHUB_ACTION_REPOSITORY || env.GITHUB_REPOSITORY;
  if (!repository) {
    throw new SetupError(
      "The repository of hale's releases is not known. Set HALE_REPOSITORY=OWNER/NAME.",
    );
  }
  const server = (env.HALE_RELEASES_ENDPOINT || GITHUB).replace(/\/+$/, "");
  // Other servers have the API below their own URL, like GitHub Enterprise Server.
  const api = server === GITHUB ? "https://api.github.com" : `${server}/api/v3`;
  return { server, api, repository };
}

/**
 * Returns the requested version: the input, else that in the file, else `latest`.
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
    throw new SetupError(`Cannot read the version-file ${versionFile}: ${messageOf(error)}.`);
  }
  const lines = text.split(/\r?\n/).map((line) => line.replace(/#.*/, "").trim()).filter(Boolean);
  // `.tool-versions` has a line for each tool.
  const named = lines.find((line) => /^hale\s/.test(line))?.split(/\s+/)[1];
  if (named !== undefined) return named;
  if (lines.length === 1 && !/\s/.test(lines[0] ?? "")) return lines[0] ?? "";
  throw new SetupError(
    `The version-file ${versionFile} has no version of hale, expected "1.2.3" alone or a line "hale 1.2.3".`,
  );
}

/**
 * Finds the release for a requested version.
 *
 * @param {string} wanted An exact version, a range, or `latest`.
 * @param {Releases} releases The location of the releases.
 * @param {string} token Sent only to the API of the GitHub that runs this workflow; may be empty.
 * @returns {Promise<string>} The version, without a `v`.
 */
export async function chooseVersion(wanted, releases, token) {
  const exact = tryParse(wanted);
  if (exact !== undefined) return format(exact);
  if (wanted === "latest") return await latestVersion(releases);
  const range = tryParseRange(wanted);
  if (range === undefined) {
    throw new SetupError(
      `${
        JSON.stringify(wanted)
      } is not a version, expected 1.2.3, a range such as ^1.2, or latest.`,
    );
  }
  const found = maxSatisfying(await releasedVersions(releases, token), range);
  if (found !== undefined) return format(found);
  throw new SetupError(`${releases.repository} has no release in the range ${wanted}.`);
}

/** @param {Releases} releases */
async function latestVersion({ server, repository }) {
  const url = `${server}/${repository}/releases/latest`;
  const response = await fetchOk(url, { redirect: "manual" });
  const location = response.headers.get("location") ?? "";
  const tag = /\/releases\/tag\/v([^/?#]+)$/.exec(location)?.[1];
  if (tag !== undefined) return decodeURIComponent(tag);
  throw new SetupError(
    `Could not find the newest release: ${url} answered ${response.status} without naming one.`,
  );
}

/** @param {Releases} releases @param {string} token */
async function releasedVersions({ api, repository }, token) {
  const versions = [];
  const headers = {
    accept: "application/vnd.github+json",
    ...(token === "" || !isOwnApi(api) ? {} : { authorization: `Bearer ${token}` }),
  };
  for (let page = 1; page <= MAX_PAGES; page++) {
    const response = await fetchOk(
      `${api}/repos/${repository}/releases?per_page=100&page=${page}`,
      { headers },
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

/**
 * The default token is that of the job, which only the GitHub that runs the workflow may see: neither a
 * mirror, nor github.com if a GitHub Enterprise Server runs it.
 *
 * @param {string} api
 */
function isOwnApi(api) {
  const own = process.env.GITHUB_API_URL;
  return Boolean(own) && new URL(api).origin === new URL(String(own)).origin;
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
