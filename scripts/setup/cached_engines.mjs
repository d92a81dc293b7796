// @ts-check
// Which engines of hale's cache go into GitHub's cache and back. Only those count whose bytes `hale.lock`
// pins: a plain executable. The checksum of an archive says nothing about a file that was unpacked from it.

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { cp, lstat, mkdir, readdir, readFile, realpath, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { parse } from "smol-toml";

/**
 * An artifact in `hale.lock`.
 *
 * @typedef {{ name: string, version: string, target: string, sha256: string }} LockedEngine
 */

/** The folder of hale's cache below its home. */
export const CACHE = "cache";
const RECORD = ".record.json";

/**
 * Reads the engines that a project pins.
 *
 * @param {string} config Path of the `hale.toml`.
 * @param {string} target Such as `linux-amd64`.
 * @returns {{ key: string, engines: readonly LockedEngine[] } | null} Null without a `hale.lock`, and if it
 * pins nothing for this target. The key is a hash of the file.
 */
export function readLock(config, target) {
  const path = join(dirname(config), "hale.lock");
  if (!existsSync(path)) return null;
  const text = readFileSync(path);
  const { artifact } = parse(text.toString("utf8"));
  const list = /** @type {LockedEngine[]} */ (Array.isArray(artifact) ? artifact : []);
  const engines = list.filter((entry) =>
    entry.target === target && typeof entry.name === "string" &&
    typeof entry.version === "string" && /^[0-9a-f]{64}$/.test(entry.sha256)
  );
  if (engines.length === 0) return null;
  const hash = createHash("sha256").update(text).digest("hex");
  return { key: `hale-engines-${target}-${hash}`, engines };
}

/**
 * Finds the engines below a folder that `hale.lock` pins and whose bytes are the pinned ones.
 *
 * @param {string} home The folder that has the cache.
 * @param {readonly LockedEngine[]} locked
 * @returns {Promise<string[]>} Paths of their folders below the home.
 */
export async function pinnedEngines(home, locked) {
  if (!existsSync(home)) return [];
  const found = [];
  const root = await realpath(home);
  for (const engine of locked) {
    const folder = engineFolder(engine);
    if (await isPinned(join(root, ...folder.split("/")), engine)) found.push(folder);
  }
  return found;
}

/**
 * Moves the pinned engines of an unpacked archive into the home. Nothing else of the archive is used.
 *
 * @param {string} unpacked The folder of the archive's contents.
 * @param {string} home
 * @param {readonly LockedEngine[]} locked
 * @returns {Promise<number>} How many were moved.
 */
export async function placeEngines(unpacked, home, locked) {
  let count = 0;
  for (const folder of await pinnedEngines(unpacked, locked)) {
    const target = join(home, ...folder.split("/"));
    if (existsSync(target)) continue;
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await move(join(unpacked, ...folder.split("/")), target);
    count++;
  }
  return count;
}

/** The folder of an artifact, as hale's cache names it. @param {LockedEngine} engine */
function engineFolder({ name, version, target, sha256 }) {
  return [CACHE, segment(name), segment(version), target, sha256.slice(0, 16)].join("/");
}

/** @param {string} text A name or version. @returns {string} Its file name in hale's cache. */
function segment(text) {
  const plain = /^[a-z0-9]([a-z0-9._+-]*[a-z0-9_+-])?$/.test(text) &&
    !/^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/.test(text) && !text.startsWith("id-");
  return plain ? text : `id-${Buffer.from(text, "utf8").toString("hex")}`;
}

/**
 * Whether a folder has the record and the pinned executable, and nothing else.
 *
 * @param {string} folder @param {LockedEngine} engine
 */
async function isPinned(folder, { name, version, target, sha256 }) {
  try {
    // An archive may hold a link in place of a folder.
    if (await realpath(folder) !== folder) return false;
    const names = await readdir(folder);
    const executable = names.find((entry) => entry !== RECORD);
    if (names.length !== 2 || executable === undefined) return false;
    for (const entry of names) if (!(await lstat(join(folder, entry))).isFile()) return false;
    const record = JSON.parse(await readFile(join(folder, RECORD), "utf8"));
    return record.name === name && record.version === version && record.target === target &&
      record.executable === executable && record.sha256 === sha256 &&
      record.artifact?.sha256 === sha256 && await sha256OfFile(join(folder, executable)) === sha256;
  } catch {
    // Missing or unreadable.
    return false;
  }
}

/** @param {string} path */
export async function sha256OfFile(path) {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}

/** @param {string} from @param {string} to */
async function move(from, to) {
  try {
    await rename(from, to);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EXDEV") throw error;
    // The home is on another disk than the runner's temporary folder.
    const staged = `${to}.${process.pid}`;
    try {
      await cp(from, staged, { recursive: true, preserveTimestamps: true });
      await rename(staged, to);
    } finally {
      await rm(staged, { recursive: true, force: true });
    }
  }
}
