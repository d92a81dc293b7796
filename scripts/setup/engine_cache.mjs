// @ts-check
// Stores engines between runs in GitHub's cache, with the protocol of actions/cache: JSON over Twirp,
// and signed URLs for the archive. A failure is only a warning: the engines are downloaded instead.

import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { createWriteStream, existsSync, openAsBlob, readFileSync } from "node:fs";
import { mkdir, rm, stat } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { fetchOk } from "./fetch_ok.mjs";
import { SetupError } from "./runner.mjs";

const SERVICE = "twirp/github.actions.results.api.v1.CacheService";
/** Several jobs saved the same key: https://github.com/actions/toolkit/pull/1966 */
const CONFLICT = 409;
/** Format of the archive. A change of it starts a new cache. */
const VERSION = createHash("sha256").update("hale engines 1").digest("hex");

/**
 * Returns the cache key of a project's engines: a hash of `hale.lock` or, without one, of `hale.toml`.
 *
 * @param {string} config Path of the `hale.toml`.
 * @param {string} target Such as `linux-amd64`.
 * @returns {string | null} Null if there is no project.
 */
export function cacheKey(config, target) {
  const lock = join(dirname(config), "hale.lock");
  const file = existsSync(lock) ? lock : existsSync(config) ? config : null;
  if (file === null) return null;
  return `hale-engines-${target}-${createHash("sha256").update(readFileSync(file)).digest("hex")}`;
}

/** @returns {boolean} Whether the runner offers a cache. */
export function hasCache() {
  return Boolean(process.env.ACTIONS_RESULTS_URL && process.env.ACTIONS_RUNTIME_TOKEN);
}

/**
 * Restores the engines of an earlier run.
 *
 * @param {string} key
 * @returns {Promise<boolean>} Whether the cache had them.
 */
export async function restoreEngines(key) {
  const found = await request("GetCacheEntryDownloadURL", { key, version: VERSION });
  const url = found?.signed_download_url ?? found?.signedDownloadUrl;
  if (found?.ok !== true || !url) return false;
  await withArchive(async (archive) => {
    const { body } = await fetchOk(url);
    await pipeline(Readable.fromWeb(/** @type {any} */ (body)), createWriteStream(archive));
    const home = haleHome();
    await mkdir(home, { recursive: true, mode: 0o700 });
    await tar(["-xzf", archive, "-C", home]);
  });
  return true;
}

/**
 * Saves the engines for later runs. Does nothing if the cache already has the key.
 *
 * @param {string} key
 * @returns {Promise<boolean>} Whether they were saved.
 */
export async function saveEngines(key) {
  const home = haleHome();
  if (!existsSync(join(home, "cache"))) return false;
  const created = await request("CreateCacheEntry", { key, version: VERSION });
  // Another job of the same run saved them first.
  if (created === null) return false;
  const url = created.signed_upload_url ?? created.signedUploadUrl;
  if (created.ok !== true || !url) return false;
  await withArchive(async (archive) => {
    await tar(["-czf", archive, "-C", home, "cache"]);
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
    ? join(LOCALAPPDATA ?? homedir(), "hale")
    : join(homedir(), ".hale");
}

/** @param {(path: string) => Promise<void>} use */
async function withArchive(use) {
  const path = join(process.env.RUNNER_TEMP || tmpdir(), `hale-engines-${randomUUID()}.tgz`);
  try {
    await use(path);
  } finally {
    await rm(path, { force: true });
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
