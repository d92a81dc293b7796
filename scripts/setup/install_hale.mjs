// @ts-check
// Installs a verified release of hale.

import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { chmod, mkdir, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { sha256OfFile } from "./cached_engines.mjs";
import { fetchOk } from "./fetch_ok.mjs";
import { haleEnvironment } from "./hale_environment.mjs";
import { SetupError } from "./runner.mjs";

/** @typedef {import("./releases.mjs").Releases} Releases */

const OS = { linux: "linux", darwin: "darwin", win32: "windows" };
const ARCH = { x64: "amd64", arm64: "arm64" };
const RELEASED = ["linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64", "windows-amd64"];

/** @returns {string} This runner's target, such as `linux-amd64`. */
export function runnerTarget() {
  const os = OS[/** @type {keyof typeof OS} */ (process.platform)];
  const arch = ARCH[/** @type {keyof typeof ARCH} */ (process.arch)];
  const target = `${os}-${arch}`;
  if (RELEASED.includes(target)) return target;
  throw new SetupError(
    `hale is not released for ${process.platform} on ${process.arch}, only for ${
      RELEASED.join(", ")
    }.`,
  );
}

/**
 * Installs a release, or finds the installation of an earlier run.
 *
 * @param {string} version
 * @param {Releases} releases
 * @returns {Promise<{ folder: string, path: string, downloaded: boolean }>}
 */
export async function installHale(version, releases) {
  const target = runnerTarget();
  const ending = target.startsWith("windows-") ? ".exe" : "";
  const tools = process.env.RUNNER_TOOL_CACHE || process.env.RUNNER_TEMP;
  if (!tools) {
    throw new SetupError(
      "RUNNER_TOOL_CACHE is not set. This script must run as a step of GitHub Actions.",
    );
  }
  const folder = join(tools, "hale", version, target);
  const path = join(folder, `hale${ending}`);
  const record = join(folder, "sha256");
  const asset = `hale-${target}${ending}`;
  if (await isInstalled(path, record)) return { folder, path, downloaded: false };

  const base = `${releases.server}/${releases.repository}/releases/download/v${
    encodeURIComponent(version)
  }`;
  const expected = checksumOf(asset, await (await fetchOk(`${base}/SHA256SUMS`)).text());
  if (expected === null) throw new SetupError(`${base}/SHA256SUMS has no checksum for ${asset}.`);
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.download-${randomUUID()}`);
  try {
    const received = await download(`${base}/${asset}`, temporary);
    if (received !== expected) {
      throw new SetupError(
        `${base}/${asset} has the wrong checksum. Expected SHA-256 ${expected}, received ${received}.`,
      );
    }
    await chmod(temporary, 0o755);
    await rename(temporary, path);
    await writeFile(record, `${expected}\n`);
  } finally {
    await rm(temporary, { force: true });
  }
  return { folder, path, downloaded: true };
}

/**
 * Runs an executable of hale and returns the version that it reports.
 *
 * @param {string} path
 * @returns {Promise<string>}
 */
export async function versionOf(path) {
  try {
    const { stdout } = await promisify(execFile)(path, ["version", "--json"], {
      env: haleEnvironment(),
      timeout: 60_000,
    });
    return JSON.parse(stdout).version;
  } catch (error) {
    throw new SetupError(
      `${path} does not run on this machine: ${error instanceof Error ? error.message : error}`,
    );
  }
}

/** @param {string} path @param {string} record */
async function isInstalled(path, record) {
  try {
    return (await readFile(record, "utf8")).trim() === await sha256OfFile(path);
  } catch {
    // Missing or incomplete.
    return false;
  }
}

/** @param {string} asset @param {string} manifest */
function checksumOf(asset, manifest) {
  for (const line of manifest.split(/\r?\n/)) {
    const match = /^([0-9a-f]{64})[ \t]+\*?(?:\.\/)?(.+)$/i.exec(line.trim());
    if (match?.[2] === asset) return (match[1] ?? "").toLowerCase();
  }
  return null;
}

/** @param {string} url @param {string} path */
async function download(url, path) {
  const response = await fetchOk(url);
  const hash = createHash("sha256");
  const file = await open(path, "wx");
  try {
    for await (const chunk of response.body ?? []) {
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    await file.sync();
  } catch (error) {
    throw new SetupError(
      `The download of ${url} broke off: ${error instanceof Error ? error.message : error}.`,
    );
  } finally {
    await file.close();
  }
  return hash.digest("hex");
}
