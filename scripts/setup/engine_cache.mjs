// @ts-check
// Stores engines between runs in GitHub's cache, with the protocol of actions/cache: JSON over Twirp,
// and signed URLs for the archive. A failure is only a warning: the engines are downloaded instead.
//
// The package @actions/cache is not used: it unpacks with `tar -P`, which accepts members with absolute
// paths, into the workspace (toolkit, packages/cache/src/internal/tar.ts). A job that can write to the cache
// could then write any file.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createWriteStream, openAsBlob } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { CACHE, pinnedEngines, placeEngines } from "./cached_engines.mjs";
import { fetchOk } from "./fetch_ok.mjs";
import { addMask, SetupError } from "./runner.mjs";

/** @typedef {import("./cached_engines.mjs").LockedEngine} LockedEngine */

const SERVICE = "twirp/github.actions.results.api.v1.CacheService";
/** Several jobs saved the same key: https://github.com/actions/toolkit/pull/1966 */
const CONFLICT = 409;
/** Format of the archive. A change of it starts a new cache. */
const VERSION = createHash("sha256").update("hale engines 2").digest("hex");

/**
 * Returns whether the runner offers this cache. GitHub Enterprise Server has an older one, whose protocol
 * differs (toolkit, packages/cache/src/internal/config.ts).
 *
 * @returns {boolean}
 */
export function hasCache() {
  const { ACTIONS_CACHE_SERVICE_V2, ACTIONS_RESULTS_URL, ACTIONS_RUNTIME_TOKEN } = process.env;
  return Boolean(ACTIONS_CACHE_SERVICE_V2 && ACTIONS_RESULTS_URL && ACTIONS_RUNTIME_TOKEN);
}

/**
 * Restores the engines of an earlier run. The archive is not trusted: an engine is used only if
 * `hale.lock` has its checksum.
 *
 * @param {string} key
 * @param {readonly LockedEngine[]} locked
 * @returns {Promise<number>} How many engines were restored. 0: the cache has none of them.
 */
export async function restoreEngines(key, locked) {
  const found = await request("GetCacheEntryDownloadURL", { key, version: VERSION });
  const url = signed(found?.signed_download_url ?? found?.signedDownloadUrl);
  if (found?.ok !== true || url === "") return 0;
  return await withFolder(async (folder) => {
    const archive = join(folder, "engines.tgz");
    const { body } = await fetchOk(url);
    await pipeline(Readable.fromWeb(/** @type {any} */ (body)), createWriteStream(archive));
    await tar(["-xzf", archive, "-C", folder, CACHE]);
    return await placeEngines(folder, haleHome(), locked);
  });
}

/**
 * Saves the engines for later runs. Does nothing if the cache already has the key.
 *
 * @param {string} key
 * @param {readonly LockedEngine[]} locked Only these are saved.
 * @returns {Promise<boolean>} Whether they were saved.
 */
export async function saveEngines(key, locked) {
  const home = haleHome();
  const engines = await pinnedEngines(home, locked);
  if (engines.length === 0) return false;
  const created = await request("CreateCacheEntry", { key, version: VERSION });
  // Another job of the same run saved them first.
  if (created === null) return false;
  const url = signed(created.signed_upload_url ?? created.signedUploadUrl);
  if (created.ok !== true || url === "") return false;
  await withFolder(async (folder) => {
    const archive = join(folder, "engines.tgz");
    await tar(["-czf", archive, "-C", home, ...engines]);
    const { size } = await stat(archive);
    await fetchOk(url, {
      method: "PUT",
      body: await openAsBlob(archive),
      headers: { "content-type": "application/octet-stream", "x-ms-blob-type": "BlockBlob" },
    });
    // Twirp's JSON encodes 64-bit numbers as strings.
    const done = await request("FinalizeCacheEntryUpload", {
      key,
      version: VERSION,
      size_bytes: String(size),
    });
    if (done?.ok !== true) throw new SetupError("GitHub's cache refused the archive.");
  });
  return true;
}

/**
 * Hides the signature of a URL in the log: it gives access to the archive.
 *
 * @param {unknown} url
 * @returns {string} The URL; empty if there is none.
 */
function signed(url) {
  if (typeof url !== "string" || url === "") return "";
  const signature = new URL(url).searchParams.get("sig");
  if (signature) {
    addMask(signature);
    addMask(encodeURIComponent(signature));
  }
  return url;
}

/**
 * @param {string} method @param {Record<string, string>} message
 * @returns {Promise<any>} Null if the entry already exists.
 */
async function request(method, message) {
  const base = String(process.env.ACTIONS_RESULTS_URL).replace(/\/*$/, "/");
  const response = await fetchOk(`${base}${SERVICE}/${method}`, {
    method: "POST",
    body: JSON.stringify(message),
    headers: {
      authorization: `Bearer ${process.env.ACTIONS_RUNTIME_TOKEN}`,
      "content-type": "application/json",
    },
  }, { allow: [CONFLICT] });
  return response.status === CONFLICT ? null : await response.json();
}

/** @returns {string} The home, determined as hale does. */
function haleHome() {
  const { HALE_HOME, LOCALAPPDATA } = process.env;
  if (HALE_HOME) return HALE_HOME;
  return process.platform === "win32"
    ? join(LOCALAPPDATA || join(homedir(), "AppData", "Local"), "hale")
    : join(homedir(), ".hale");
}

/**
 * @template T
 * @param {(folder: string) => Promise<T>} use
 * @returns {Promise<T>}
 */
async function withFolder(use) {
  const folder = await mkdtemp(join(process.env.RUNNER_TEMP || tmpdir(), "hale-engines-"));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {readonly string[]} args */
async function tar(args) {
  // On Windows Git's tar may be first on PATH. It parses the C of C:\... as a host name.
  const program = process.platform === "win32"
    ? join(process.env.SystemRoot ?? "C:\\Windows", "System32", "tar.exe")
    : "tar";
  await promisify(execFile)(program, args);
}
