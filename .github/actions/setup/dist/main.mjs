// Generated from scripts/setup/main.mjs by "deno task setup". Do not edit.
// Includes deno-std/1.4.0. Copyright 2018-2026 the Deno authors. MIT license.

// scripts/setup/main.mjs
import { resolve } from "node:path";
import process5 from "node:process";

// scripts/setup/engine_cache.mjs
import { execFile } from "node:child_process";
import { createHash, randomUUID as randomUUID2 } from "node:crypto";
import { createWriteStream, existsSync, openAsBlob, readFileSync } from "node:fs";
import { mkdir, rm, stat } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process2 from "node:process";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";

// scripts/setup/fetch_ok.mjs
import { setTimeout as pause } from "node:timers/promises";

// scripts/setup/runner.mjs
import { randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";
import process from "node:process";
var SetupError = class extends Error {
};
function input(name) {
  return (process.env[`INPUT_${name.toUpperCase()}`] ?? "").trim();
}
function booleanInput(name) {
  const value = input(name);
  if (/^(true|yes|on)$/i.test(value)) return true;
  if (/^(false|no|off|)$/i.test(value)) return false;
  throw new SetupError(`The input ${name} is ${JSON.stringify(value)}, expected true or false.`);
}
function setOutput(name, value) {
  appendEntry("GITHUB_OUTPUT", name, value);
}
function saveState(name, value) {
  appendEntry("GITHUB_STATE", name, value);
}
function addPath(folder) {
  append("GITHUB_PATH", `${folder}
`);
  const separator = process.platform === "win32" ? ";" : ":";
  process.env.PATH = `${folder}${separator}${process.env.PATH ?? ""}`;
}
function addSummary(markdown) {
  append("GITHUB_STEP_SUMMARY", `${markdown}
`);
}
function info(text) {
  console.log(text);
}
function warning(text) {
  console.log(`::warning title=hale::${escapeCommand(text)}`);
}
function error(text) {
  console.log(`::error title=hale::${escapeCommand(text)}`);
}
function escapeCommand(text) {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}
function appendEntry(file, name, value) {
  const end = randomUUID();
  append(file, `${name}<<${end}
${value}
${end}
`);
}
function append(file, text) {
  const path = process.env[file];
  if (!path) {
    throw new SetupError(`${file} is not set. This script must run as a step of GitHub Actions.`);
  }
  appendFileSync(path, text);
}

// scripts/setup/fetch_ok.mjs
var PAUSES_MS = [
  1e3,
  5e3
];
async function fetchOk(url, options = {}, { allow = [] } = {}) {
  for (let attempt = 0; ; attempt++) {
    const pauseMs = PAUSES_MS[attempt];
    let problem;
    try {
      const response = await fetch(url, options);
      if (response.status < 400 || allow.includes(response.status)) return response;
      problem = `the server answered ${response.status}`;
      await response.body?.cancel();
      if (response.status !== 429 && response.status < 500) {
        throw new SetupError(`Could not download ${url}: ${problem}.`);
      }
    } catch (error2) {
      if (error2 instanceof SetupError) throw error2;
      problem = error2 instanceof Error ? String(error2.cause ?? error2.message) : String(error2);
    }
    if (pauseMs === void 0) throw new SetupError(`Could not download ${url}: ${problem}.`);
    await pause(pauseMs);
  }
}

// scripts/setup/engine_cache.mjs
var SERVICE = "twirp/github.actions.results.api.v1.CacheService";
var CONFLICT = 409;
var VERSION = createHash("sha256").update("hale engines 1").digest("hex");
function cacheKey(config, target) {
  const lock = join(dirname(config), "hale.lock");
  const file = existsSync(lock) ? lock : existsSync(config) ? config : null;
  if (file === null) return null;
  return `hale-engines-${target}-${createHash("sha256").update(readFileSync(file)).digest("hex")}`;
}
function hasCache() {
  return Boolean(process2.env.ACTIONS_RESULTS_URL && process2.env.ACTIONS_RUNTIME_TOKEN);
}
async function restoreEngines(key) {
  const found = await request("GetCacheEntryDownloadURL", {
    key,
    version: VERSION
  });
  const url = found?.signed_download_url ?? found?.signedDownloadUrl;
  if (found?.ok !== true || !url) return false;
  await withArchive(async (archive) => {
    const { body } = await fetchOk(url);
    await pipeline(Readable.fromWeb(
      /** @type {any} */
      body
    ), createWriteStream(archive));
    const home = haleHome();
    await mkdir(home, {
      recursive: true,
      mode: 448
    });
    await tar([
      "-xzf",
      archive,
      "-C",
      home
    ]);
  });
  return true;
}
async function request(method, message) {
  const base = String(process2.env.ACTIONS_RESULTS_URL).replace(/\/*$/, "/");
  const response = await fetchOk(`${base}${SERVICE}/${method}`, {
    method: "POST",
    body: JSON.stringify(message),
    headers: {
      authorization: `Bearer ${process2.env.ACTIONS_RUNTIME_TOKEN}`,
      "content-type": "application/json"
    }
  }, {
    allow: [
      CONFLICT
    ]
  });
  return response.status === CONFLICT ? null : await response.json();
}
function haleHome() {
  const { HALE_HOME, LOCALAPPDATA } = process2.env;
  if (HALE_HOME) return HALE_HOME;
  return process2.platform === "win32" ? join(LOCALAPPDATA ?? homedir(), "hale") : join(homedir(), ".hale");
}
async function withArchive(use) {
  const path = join(process2.env.RUNNER_TEMP || tmpdir(), `hale-engines-${randomUUID2()}.tgz`);
  try {
    await use(path);
  } finally {
    await rm(path, {
      force: true
    });
  }
}
async function tar(args) {
  const program = process2.platform === "win32" ? join(process2.env.SystemRoot ?? "C:\\Windows", "System32", "tar.exe") : "tar";
  await promisify(execFile)(program, args);
}

// scripts/setup/install_hale.mjs
import { execFile as execFile2 } from "node:child_process";
import { createHash as createHash2, randomUUID as randomUUID3 } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod, mkdir as mkdir2, open, readFile, rename, rm as rm2, writeFile } from "node:fs/promises";
import { join as join2 } from "node:path";
import process3 from "node:process";
import { promisify as promisify2 } from "node:util";
var OS = {
  linux: "linux",
  darwin: "darwin",
  win32: "windows"
};
var ARCH = {
  x64: "amd64",
  arm64: "arm64"
};
var RELEASED = [
  "linux-amd64",
  "linux-arm64",
  "darwin-amd64",
  "darwin-arm64",
  "windows-amd64"
];
function runnerTarget() {
  const os = OS[
    /** @type {keyof typeof OS} */
    process3.platform
  ];
  const arch = ARCH[
    /** @type {keyof typeof ARCH} */
    process3.arch
  ];
  const target = `${os}-${arch}`;
  if (RELEASED.includes(target)) return target;
  throw new SetupError(`hale is not released for ${process3.platform} on ${process3.arch}, only for ${RELEASED.join(", ")}.`);
}
async function installHale(version, releases) {
  const target = runnerTarget();
  const ending = target.startsWith("windows-") ? ".exe" : "";
  const tools = process3.env.RUNNER_TOOL_CACHE || process3.env.RUNNER_TEMP;
  if (!tools) {
    throw new SetupError("RUNNER_TOOL_CACHE is not set. This script must run as a step of GitHub Actions.");
  }
  const folder = join2(tools, "hale", version, target);
  const path = join2(folder, `hale${ending}`);
  const record = join2(folder, "sha256");
  const asset = `hale-${target}${ending}`;
  if (await isInstalled(path, record)) return {
    folder,
    path,
    downloaded: false
  };
  const base = `${releases.server}/${releases.repository}/releases/download/v${encodeURIComponent(version)}`;
  const expected = checksumOf(asset, await (await fetchOk(`${base}/SHA256SUMS`)).text());
  if (expected === null) throw new SetupError(`${base}/SHA256SUMS has no checksum for ${asset}.`);
  await mkdir2(folder, {
    recursive: true
  });
  const temporary = join2(folder, `.download-${randomUUID3()}`);
  try {
    const received = await download(`${base}/${asset}`, temporary);
    if (received !== expected) {
      throw new SetupError(`${base}/${asset} has the wrong checksum. Expected SHA-256 ${expected}, received ${received}.`);
    }
    await chmod(temporary, 493);
    await rename(temporary, path);
    await writeFile(record, `${expected}
`);
  } finally {
    await rm2(temporary, {
      force: true
    });
  }
  return {
    folder,
    path,
    downloaded: true
  };
}
async function versionOf(path) {
  try {
    const { stdout } = await promisify2(execFile2)(path, [
      "version",
      "--json"
    ], {
      timeout: 6e4
    });
    return JSON.parse(stdout).version;
  } catch (error2) {
    throw new SetupError(`${path} does not run on this machine: ${error2 instanceof Error ? error2.message : error2}`);
  }
}
async function isInstalled(path, record) {
  try {
    return (await readFile(record, "utf8")).trim() === await sha256OfFile(path);
  } catch {
    return false;
  }
}
function checksumOf(asset, manifest) {
  for (const line of manifest.split(/\r?\n/)) {
    const match = /^([0-9a-f]{64})[ \t]+\*?(?:\.\/)?(.+)$/i.exec(line.trim());
    if (match?.[2] === asset) return (match[1] ?? "").toLowerCase();
  }
  return null;
}
async function download(url, path) {
  const response = await fetchOk(url);
  const hash = createHash2("sha256");
  const file = await open(path, "wx");
  try {
    for await (const chunk of response.body ?? []) {
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    await file.sync();
  } catch (error2) {
    throw new SetupError(`The download of ${url} broke off: ${error2 instanceof Error ? error2.message : error2}.`);
  } finally {
    await file.close();
  }
  return hash.digest("hex");
}
async function sha256OfFile(path) {
  const hash = createHash2("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}

// scripts/setup/releases.mjs
import { readFileSync as readFileSync2 } from "node:fs";
import process4 from "node:process";

// npm:deno-std/1.4.0/semver/_shared.js
function compareNumber(a, b) {
  if (isNaN(a) || isNaN(b)) {
    throw new Error("Cannot compare against non-numbers");
  }
  return a === b ? 0 : a < b ? -1 : 1;
}
function checkIdentifier(v1 = [], v2 = []) {
  if (v1.length && !v2.length) {
    return -1;
  }
  if (!v1.length && v2.length) {
    return 1;
  }
  return 0;
}
function compareIdentifier(v1 = [], v2 = []) {
  const length = Math.max(v1.length, v2.length);
  for (let i = 0; i < length; i++) {
    const a = v1[i];
    const b = v2[i];
    if (a === void 0 && b === void 0) {
      return 0;
    }
    if (b === void 0) {
      return 1;
    }
    if (a === void 0) {
      return -1;
    }
    if (typeof a === "string" && typeof b === "number") {
      return 1;
    }
    if (typeof a === "number" && typeof b === "string") {
      return -1;
    }
    if (a < b) {
      return -1;
    }
    if (a > b) {
      return 1;
    }
  }
  return 0;
}
var NUMERIC_IDENTIFIER = "0|[1-9]\\d*";
var NON_NUMERIC_IDENTIFIER = "\\d*[a-zA-Z-][a-zA-Z0-9-]*";
var VERSION_CORE = `(?<major>${NUMERIC_IDENTIFIER})\\.(?<minor>${NUMERIC_IDENTIFIER})\\.(?<patch>${NUMERIC_IDENTIFIER})`;
var PRERELEASE_IDENTIFIER = `(?:${NUMERIC_IDENTIFIER}|${NON_NUMERIC_IDENTIFIER})`;
var PRERELEASE = `(?:-(?<prerelease>${PRERELEASE_IDENTIFIER}(?:\\.${PRERELEASE_IDENTIFIER})*))`;
var BUILD_IDENTIFIER = "[0-9A-Za-z-]+";
var BUILD = `(?:\\+(?<buildmetadata>${BUILD_IDENTIFIER}(?:\\.${BUILD_IDENTIFIER})*))`;
var FULL_VERSION = `v?${VERSION_CORE}${PRERELEASE}?${BUILD}?`;
var FULL_REGEXP = new RegExp(`^${FULL_VERSION}$`);
var COMPARATOR = "(?:<|>)?=?";
var WILDCARD_IDENTIFIER = `x|X|\\*`;
var XRANGE_IDENTIFIER = `${NUMERIC_IDENTIFIER}|${WILDCARD_IDENTIFIER}`;
var XRANGE = `[v=\\s]*(?<major>${XRANGE_IDENTIFIER})(?:\\.(?<minor>${XRANGE_IDENTIFIER})(?:\\.(?<patch>${XRANGE_IDENTIFIER})${PRERELEASE}?${BUILD}?)?)?`;
var OPERATOR_XRANGE_REGEXP = new RegExp(`^(?<operator>~>?|\\^|${COMPARATOR})\\s*${XRANGE}$`);
var COMPARATOR_REGEXP = new RegExp(`^(?<operator>${COMPARATOR})\\s*(${FULL_VERSION})$|^$`);
function isValidNumber(value) {
  return typeof value === "number" && !Number.isNaN(value) && (!Number.isFinite(value) || 0 <= value && value <= Number.MAX_SAFE_INTEGER);
}
var MAX_LENGTH = 256;
var NUMERIC_IDENTIFIER_REGEXP = new RegExp(`^${NUMERIC_IDENTIFIER}$`);
function parsePrerelease(prerelease) {
  return prerelease.split(".").filter(Boolean).map((id) => {
    if (NUMERIC_IDENTIFIER_REGEXP.test(id)) {
      const number = Number(id);
      if (isValidNumber(number)) {
        return number;
      }
    }
    return id;
  });
}
function parseBuild(buildmetadata) {
  return buildmetadata.split(".").filter(Boolean);
}
function parseNumber(input2, errorMessage) {
  const number = Number(input2);
  if (!isValidNumber(number)) {
    throw new TypeError(errorMessage);
  }
  return number;
}
function isWildcardComparator(c) {
  return Number.isNaN(c.major) && Number.isNaN(c.minor) && Number.isNaN(c.patch) && (c.prerelease === void 0 || c.prerelease.length === 0) && (c.build === void 0 || c.build.length === 0);
}

// npm:deno-std/1.4.0/semver/compare.js
function compare(version1, version2) {
  if (version1 === version2) {
    return 0;
  }
  return compareNumber(version1.major, version2.major) || compareNumber(version1.minor, version2.minor) || compareNumber(version1.patch, version2.patch) || checkIdentifier(version1.prerelease, version2.prerelease) || compareIdentifier(version1.prerelease, version2.prerelease);
}

// npm:deno-std/1.4.0/semver/format.js
function formatNumber(value) {
  return value.toFixed(0);
}
function format(version) {
  const major = formatNumber(version.major);
  const minor = formatNumber(version.minor);
  const patch = formatNumber(version.patch);
  const pre = version.prerelease?.join(".") ?? "";
  const build = version.build?.join(".") ?? "";
  const primary = `${major}.${minor}.${patch}`;
  const release = [
    primary,
    pre
  ].filter((v) => v).join("-");
  return [
    release,
    build
  ].filter((v) => v).join("+");
}

// npm:deno-std/1.4.0/semver/_test_comparator_set.js
function testComparator(version, comparator) {
  if (isWildcardComparator(comparator)) {
    return true;
  }
  const cmp = compare(version, comparator);
  switch (comparator.operator) {
    case "=":
    case void 0: {
      return cmp === 0;
    }
    case "!=": {
      return cmp !== 0;
    }
    case ">": {
      return cmp > 0;
    }
    case "<": {
      return cmp < 0;
    }
    case ">=": {
      return cmp >= 0;
    }
    case "<=": {
      return cmp <= 0;
    }
  }
}
function testComparatorSet(version, set) {
  for (const comparator of set) {
    if (!testComparator(version, comparator)) {
      return false;
    }
  }
  if (!version.prerelease?.length) {
    return true;
  }
  for (const comparator of set) {
    if (isWildcardComparator(comparator)) {
      continue;
    }
    if (!comparator.prerelease?.length) {
      continue;
    }
    const { major, minor, patch } = comparator;
    if (version.major === major && version.minor === minor && version.patch === patch) {
      return true;
    }
  }
  return false;
}

// npm:deno-std/1.4.0/semver/satisfies.js
function satisfies(version, range) {
  return range.some((set) => testComparatorSet(version, set));
}

// npm:deno-std/1.4.0/semver/_constants.js
var ANY = {
  major: Number.NaN,
  minor: Number.NaN,
  patch: Number.NaN,
  prerelease: [],
  build: []
};
var ALL = {
  operator: void 0,
  ...ANY
};

// npm:deno-std/1.4.0/semver/greater_than.js
function greaterThan(version1, version2) {
  return compare(version1, version2) > 0;
}

// npm:deno-std/1.4.0/semver/max_satisfying.js
function maxSatisfying(versions, range) {
  let max;
  for (const version of versions) {
    if (!satisfies(version, range)) {
      continue;
    }
    max = max && greaterThan(max, version) ? max : version;
  }
  return max;
}

// npm:deno-std/1.4.0/semver/parse_range.js
function parseComparator(comparator) {
  const match = comparator.match(COMPARATOR_REGEXP);
  const groups = match?.groups;
  if (!groups) {
    return null;
  }
  const { operator } = groups;
  return {
    operator: operator || void 0,
    ...ANY
  };
}
function isWildcard(id) {
  return !id || id.toLowerCase() === "x" || id === "*";
}
function handleLeftHyphenRangeGroups(leftGroup) {
  if (isWildcard(leftGroup.major)) {
    return;
  }
  if (isWildcard(leftGroup.minor)) {
    return {
      operator: ">=",
      major: +leftGroup.major,
      minor: 0,
      patch: 0,
      prerelease: [],
      build: []
    };
  }
  if (isWildcard(leftGroup.patch)) {
    return {
      operator: ">=",
      major: +leftGroup.major,
      minor: +leftGroup.minor,
      patch: 0,
      prerelease: [],
      build: []
    };
  }
  return {
    operator: ">=",
    major: +leftGroup.major,
    minor: +leftGroup.minor,
    patch: +leftGroup.patch,
    prerelease: leftGroup.prerelease ? parsePrerelease(leftGroup.prerelease) : [],
    build: []
  };
}
function handleRightHyphenRangeGroups(rightGroups) {
  if (isWildcard(rightGroups.major)) {
    return;
  }
  if (isWildcard(rightGroups.minor)) {
    return {
      operator: "<",
      major: +rightGroups.major + 1,
      minor: 0,
      patch: 0,
      prerelease: [],
      build: []
    };
  }
  if (isWildcard(rightGroups.patch)) {
    return {
      operator: "<",
      major: +rightGroups.major,
      minor: +rightGroups.minor + 1,
      patch: 0,
      prerelease: [],
      build: []
    };
  }
  if (rightGroups.prerelease) {
    return {
      operator: "<=",
      major: +rightGroups.major,
      minor: +rightGroups.minor,
      patch: +rightGroups.patch,
      prerelease: parsePrerelease(rightGroups.prerelease),
      build: []
    };
  }
  return {
    operator: "<=",
    major: +rightGroups.major,
    minor: +rightGroups.minor,
    patch: +rightGroups.patch,
    prerelease: [],
    build: []
  };
}
function parseHyphenRange(range) {
  const leftMatch = range.match(new RegExp(`^${XRANGE}`));
  const leftGroup = leftMatch?.groups;
  if (!leftGroup) {
    return null;
  }
  const leftLength = leftMatch[0].length;
  const hyphenMatch = range.slice(leftLength).match(/^\s+-\s+/);
  if (!hyphenMatch) {
    return null;
  }
  const hyphenLength = hyphenMatch[0].length;
  const rightMatch = range.slice(leftLength + hyphenLength).match(new RegExp(`^${XRANGE}\\s*$`));
  const rightGroups = rightMatch?.groups;
  const from = handleLeftHyphenRangeGroups(leftGroup);
  const to = handleRightHyphenRangeGroups(rightGroups);
  return [
    from,
    to
  ].filter(Boolean);
}
function handleCaretOperator(groups) {
  const majorIsWildcard = isWildcard(groups.major);
  const minorIsWildcard = isWildcard(groups.minor);
  const patchIsWildcard = isWildcard(groups.patch);
  const major = +groups.major;
  const minor = +groups.minor;
  const patch = +groups.patch;
  if (majorIsWildcard) {
    return [
      ALL
    ];
  }
  if (minorIsWildcard) {
    return [
      {
        operator: ">=",
        major,
        minor: 0,
        patch: 0
      },
      {
        operator: "<",
        major: major + 1,
        minor: 0,
        patch: 0
      }
    ];
  }
  if (patchIsWildcard) {
    if (major === 0) {
      return [
        {
          operator: ">=",
          major,
          minor,
          patch: 0
        },
        {
          operator: "<",
          major,
          minor: minor + 1,
          patch: 0
        }
      ];
    }
    return [
      {
        operator: ">=",
        major,
        minor,
        patch: 0
      },
      {
        operator: "<",
        major: major + 1,
        minor: 0,
        patch: 0
      }
    ];
  }
  const prerelease = parsePrerelease(groups.prerelease ?? "");
  if (major === 0) {
    if (minor === 0) {
      return [
        {
          operator: ">=",
          major,
          minor,
          patch,
          prerelease
        },
        {
          operator: "<",
          major,
          minor,
          patch: patch + 1
        }
      ];
    }
    return [
      {
        operator: ">=",
        major,
        minor,
        patch,
        prerelease
      },
      {
        operator: "<",
        major,
        minor: minor + 1,
        patch: 0
      }
    ];
  }
  return [
    {
      operator: ">=",
      major,
      minor,
      patch,
      prerelease
    },
    {
      operator: "<",
      major: major + 1,
      minor: 0,
      patch: 0
    }
  ];
}
function handleTildeOperator(groups) {
  const majorIsWildcard = isWildcard(groups.major);
  const minorIsWildcard = isWildcard(groups.minor);
  const patchIsWildcard = isWildcard(groups.patch);
  const major = +groups.major;
  const minor = +groups.minor;
  const patch = +groups.patch;
  if (majorIsWildcard) {
    return [
      ALL
    ];
  }
  if (minorIsWildcard) {
    return [
      {
        operator: ">=",
        major,
        minor: 0,
        patch: 0
      },
      {
        operator: "<",
        major: major + 1,
        minor: 0,
        patch: 0
      }
    ];
  }
  if (patchIsWildcard) {
    return [
      {
        operator: ">=",
        major,
        minor,
        patch: 0
      },
      {
        operator: "<",
        major,
        minor: minor + 1,
        patch: 0
      }
    ];
  }
  const prerelease = parsePrerelease(groups.prerelease ?? "");
  return [
    {
      operator: ">=",
      major,
      minor,
      patch,
      prerelease
    },
    {
      operator: "<",
      major,
      minor: minor + 1,
      patch: 0
    }
  ];
}
function handleLessThanOperator(groups) {
  const majorIsWildcard = isWildcard(groups.major);
  const minorIsWildcard = isWildcard(groups.minor);
  const patchIsWildcard = isWildcard(groups.patch);
  const major = +groups.major;
  const minor = +groups.minor;
  const patch = +groups.patch;
  if (majorIsWildcard) {
    return [
      {
        operator: "<",
        major: 0,
        minor: 0,
        patch: 0
      }
    ];
  }
  if (minorIsWildcard) {
    if (patchIsWildcard) {
      return [
        {
          operator: "<",
          major,
          minor: 0,
          patch: 0
        }
      ];
    }
    return [
      {
        operator: "<",
        major,
        minor: 0,
        patch: 0
      }
    ];
  }
  if (patchIsWildcard) {
    return [
      {
        operator: "<",
        major,
        minor,
        patch: 0
      }
    ];
  }
  const prerelease = parsePrerelease(groups.prerelease ?? "");
  const build = parseBuild(groups.build ?? "");
  return [
    {
      operator: "<",
      major,
      minor,
      patch,
      prerelease,
      build
    }
  ];
}
function handleLessThanOrEqualOperator(groups) {
  const minorIsWildcard = isWildcard(groups.minor);
  const patchIsWildcard = isWildcard(groups.patch);
  const major = +groups.major;
  const minor = +groups.minor;
  const patch = +groups.patch;
  if (minorIsWildcard) {
    return [
      {
        operator: "<",
        major: major + 1,
        minor: 0,
        patch: 0
      }
    ];
  }
  if (patchIsWildcard) {
    return [
      {
        operator: "<",
        major,
        minor: minor + 1,
        patch: 0
      }
    ];
  }
  const prerelease = parsePrerelease(groups.prerelease ?? "");
  const build = parseBuild(groups.build ?? "");
  return [
    {
      operator: "<=",
      major,
      minor,
      patch,
      prerelease,
      build
    }
  ];
}
function handleGreaterThanOperator(groups) {
  const majorIsWildcard = isWildcard(groups.major);
  const minorIsWildcard = isWildcard(groups.minor);
  const patchIsWildcard = isWildcard(groups.patch);
  const major = +groups.major;
  const minor = +groups.minor;
  const patch = +groups.patch;
  if (majorIsWildcard) {
    return [
      {
        operator: "<",
        major: 0,
        minor: 0,
        patch: 0
      }
    ];
  }
  if (minorIsWildcard) {
    return [
      {
        operator: ">=",
        major: major + 1,
        minor: 0,
        patch: 0
      }
    ];
  }
  if (patchIsWildcard) {
    return [
      {
        operator: ">=",
        major,
        minor: minor + 1,
        patch: 0
      }
    ];
  }
  const prerelease = parsePrerelease(groups.prerelease ?? "");
  const build = parseBuild(groups.build ?? "");
  return [
    {
      operator: ">",
      major,
      minor,
      patch,
      prerelease,
      build
    }
  ];
}
function handleGreaterOrEqualOperator(groups) {
  const majorIsWildcard = isWildcard(groups.major);
  const minorIsWildcard = isWildcard(groups.minor);
  const patchIsWildcard = isWildcard(groups.patch);
  const major = +groups.major;
  const minor = +groups.minor;
  const patch = +groups.patch;
  if (majorIsWildcard) {
    return [
      ALL
    ];
  }
  if (minorIsWildcard) {
    return [
      {
        operator: ">=",
        major,
        minor: 0,
        patch: 0
      }
    ];
  }
  if (patchIsWildcard) {
    return [
      {
        operator: ">=",
        major,
        minor,
        patch: 0
      }
    ];
  }
  const prerelease = parsePrerelease(groups.prerelease ?? "");
  const build = parseBuild(groups.build ?? "");
  return [
    {
      operator: ">=",
      major,
      minor,
      patch,
      prerelease,
      build
    }
  ];
}
function handleEqualOperator(groups) {
  const majorIsWildcard = isWildcard(groups.major);
  const minorIsWildcard = isWildcard(groups.minor);
  const patchIsWildcard = isWildcard(groups.patch);
  const major = +groups.major;
  const minor = +groups.minor;
  const patch = +groups.patch;
  if (majorIsWildcard) {
    return [
      ALL
    ];
  }
  if (minorIsWildcard) {
    return [
      {
        operator: ">=",
        major,
        minor: 0,
        patch: 0
      },
      {
        operator: "<",
        major: major + 1,
        minor: 0,
        patch: 0
      }
    ];
  }
  if (patchIsWildcard) {
    return [
      {
        operator: ">=",
        major,
        minor,
        patch: 0
      },
      {
        operator: "<",
        major,
        minor: minor + 1,
        patch: 0
      }
    ];
  }
  const prerelease = parsePrerelease(groups.prerelease ?? "");
  const build = parseBuild(groups.build ?? "");
  return [
    {
      operator: groups.operator === "=" ? "=" : void 0,
      major,
      minor,
      patch,
      prerelease,
      build
    }
  ];
}
function parseOperatorRange(string) {
  const groups = string.match(OPERATOR_XRANGE_REGEXP)?.groups;
  if (!groups) {
    return parseComparator(string);
  }
  switch (groups.operator) {
    case "^":
      return handleCaretOperator(groups);
    case "~":
    case "~>":
      return handleTildeOperator(groups);
    case "<":
      return handleLessThanOperator(groups);
    case "<=":
      return handleLessThanOrEqualOperator(groups);
    case ">":
      return handleGreaterThanOperator(groups);
    case ">=":
      return handleGreaterOrEqualOperator(groups);
    default:
      return handleEqualOperator(groups);
  }
}
function parseOperatorRanges(string) {
  return string.split(/\s+/).flatMap(parseOperatorRange);
}
function parseRange(value) {
  const result = value.replaceAll(/(?<=[<>=~^])(\s+)/g, "").split(/\s*\|\|\s*/).map((string) => parseHyphenRange(string) || parseOperatorRanges(string));
  if (result.some((r) => r.includes(null))) {
    throw new TypeError(`Cannot parse version range: range "${value}" is invalid`);
  }
  return result;
}

// npm:deno-std/1.4.0/semver/parse.js
function parse(value) {
  if (typeof value !== "string") {
    throw new TypeError(`Cannot parse version as version must be a string: received ${typeof value}`);
  }
  if (value.length > MAX_LENGTH) {
    throw new TypeError(`Cannot parse version as version length is too long: length is ${value.length}, max length is ${MAX_LENGTH}`);
  }
  value = value.trim();
  const groups = value.match(FULL_REGEXP)?.groups;
  if (!groups) {
    throw new TypeError(`Cannot parse version: ${value}`);
  }
  const major = parseNumber(groups.major, `Cannot parse version ${value}: invalid major version`);
  const minor = parseNumber(groups.minor, `Cannot parse version ${value}: invalid minor version`);
  const patch = parseNumber(groups.patch, `Cannot parse version ${value}: invalid patch version`);
  const prerelease = groups.prerelease ? parsePrerelease(groups.prerelease) : [];
  const build = groups.buildmetadata ? parseBuild(groups.buildmetadata) : [];
  return {
    major,
    minor,
    patch,
    prerelease,
    build
  };
}

// npm:deno-std/1.4.0/semver/try_parse_range.js
function tryParseRange(value) {
  try {
    return parseRange(value);
  } catch {
    return void 0;
  }
}

// npm:deno-std/1.4.0/semver/try_parse.js
function tryParse(value) {
  try {
    return parse(value);
  } catch {
    return void 0;
  }
}

// scripts/setup/releases.mjs
var GITHUB = "https://github.com";
var MAX_PAGES = 5;
function findReleases() {
  const { env } = process4;
  const repository = env.HALE_REPOSITORY || env.GITHUB_ACTION_REPOSITORY || env.GITHUB_REPOSITORY;
  if (!repository) {
    throw new SetupError("The repository of hale's releases is not known. Set HALE_REPOSITORY=OWNER/NAME.");
  }
  const server = (env.HALE_RELEASES_ENDPOINT || GITHUB).replace(/\/+$/, "");
  const api = server === GITHUB ? "https://api.github.com" : `${server}/api/v3`;
  return {
    server,
    api,
    repository
  };
}
function wantedVersion({ version, versionFile }) {
  if (version !== "") return version;
  if (versionFile === "") return "latest";
  let text;
  try {
    text = readFileSync2(versionFile, "utf8");
  } catch (error2) {
    throw new SetupError(`Cannot read the version-file ${versionFile}: ${messageOf(error2)}.`);
  }
  const lines = text.split(/\r?\n/).map((line) => line.replace(/#.*/, "").trim()).filter(Boolean);
  const named = lines.find((line) => /^hale\s/.test(line))?.split(/\s+/)[1];
  if (named !== void 0) return named;
  if (lines.length === 1 && !/\s/.test(lines[0] ?? "")) return lines[0] ?? "";
  throw new SetupError(`The version-file ${versionFile} has no version of hale, expected "1.2.3" alone or a line "hale 1.2.3".`);
}
async function chooseVersion(wanted, releases, token) {
  const exact = tryParse(wanted);
  if (exact !== void 0) return format(exact);
  if (wanted === "latest") return await latestVersion(releases);
  const range = tryParseRange(wanted);
  if (range === void 0) {
    throw new SetupError(`${JSON.stringify(wanted)} is not a version, expected 1.2.3, a range such as ^1.2, or latest.`);
  }
  const found = maxSatisfying(await releasedVersions(releases, token), range);
  if (found !== void 0) return format(found);
  throw new SetupError(`${releases.repository} has no release in the range ${wanted}.`);
}
async function latestVersion({ server, repository }) {
  const url = `${server}/${repository}/releases/latest`;
  const response = await fetchOk(url, {
    redirect: "manual"
  });
  const location = response.headers.get("location") ?? "";
  const tag = /\/releases\/tag\/v([^/?#]+)$/.exec(location)?.[1];
  if (tag !== void 0) return decodeURIComponent(tag);
  throw new SetupError(`Could not find the newest release: ${url} answered ${response.status} without naming one.`);
}
async function releasedVersions({ api, repository }, token) {
  const versions = [];
  for (let page = 1; page <= MAX_PAGES; page++) {
    const response = await fetchOk(`${api}/repos/${repository}/releases?per_page=100&page=${page}`, {
      headers: {
        accept: "application/vnd.github+json",
        ...token === "" ? {} : {
          authorization: `Bearer ${token}`
        }
      }
    });
    const list = await response.json();
    for (const { tag_name: tag, draft, prerelease } of list) {
      const version = draft || prerelease ? void 0 : tryParse(tag);
      if (version?.prerelease?.length === 0) versions.push(version);
    }
    if (list.length < 100) break;
  }
  return versions;
}
function messageOf(error2) {
  return error2 instanceof Error ? error2.message : String(error2);
}

// scripts/setup/services.mjs
import { execFile as execFile3, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify as promisify3 } from "node:util";
var SHOWN_LINES = "200";
var Services = class {
  #path;
  #config;
  /** @param {string} path The executable. @param {string} config The `hale.toml`; may be empty. */
  constructor(path, config) {
    this.#path = path;
    this.#config = config;
  }
  /** @returns {Promise<ServiceStatus[]>} The status of the services; empty if there is no project. */
  async status() {
    const { stdout } = await this.#run([
      "status",
      "--json"
    ]);
    const services = stdout === "" ? [] : JSON.parse(stdout);
    return Array.isArray(services) ? services : [];
  }
  /**
   * Starts services and waits until they are ready. The output goes to the job's log.
   *
   * @param {readonly string[]} names Empty: all.
   * @param {string} timeout
   * @returns {Promise<number>} The exit status.
   */
  async up(names, timeout) {
    const args = this.#args([
      "up",
      ...names,
      "--timeout",
      timeout,
      "--no-color"
    ]);
    const [code] = await once(spawn(this.#path, args, {
      stdio: [
        "ignore",
        "inherit",
        "inherit"
      ]
    }), "close");
    return code ?? 1;
  }
  /**
   * @param {readonly string[]} names
   * @returns {Promise<string>} The error message of hale; empty after a success.
   */
  async stop(names) {
    const { code, stderr } = await this.#run([
      "stop",
      ...names,
      "--quiet"
    ]);
    return code === 0 ? "" : stderr;
  }
  /** @param {string} name @returns {Promise<string>} History and end of the logs of a service. */
  async historyAndLogs(name) {
    const logs = [
      "logs",
      name,
      "-n",
      SHOWN_LINES
    ];
    const parts = await Promise.all([
      this.#run([
        "history",
        name
      ]),
      this.#run([
        ...logs,
        "--stdout"
      ]),
      this.#run([
        ...logs,
        "--stderr"
      ])
    ]);
    return [
      "history",
      "standard output",
      "standard error"
    ].map((title, index) => `--- ${title}
${parts[index]?.stdout}`).join("\n");
  }
  /** @param {readonly string[]} args */
  async #run(args) {
    const result = await promisify3(execFile3)(this.#path, this.#args([
      ...args,
      "--no-color"
    ]), {
      maxBuffer: 64 * 1024 * 1024
    }).catch((error2) => error2);
    return {
      code: 0,
      ...result,
      stdout: result.stdout ?? "",
      stderr: result.stderr ?? ""
    };
  }
  /** @param {readonly string[]} args */
  #args(args) {
    return [
      ...args,
      ...this.#config === "" ? [] : [
        "--config",
        this.#config
      ]
    ];
  }
};
function isUp({ state }) {
  return [
    "running",
    "starting",
    "stopping",
    "backoff"
  ].includes(state);
}
function summaryTable(services) {
  const rows = services.map(({ name, state, health, version, endpoint, restarts }) => [
    name,
    state,
    health,
    String(restarts),
    endpoint ?? "",
    version ?? ""
  ]);
  return [
    [
      "service",
      "state",
      "health",
      "restarts",
      "endpoint",
      "version"
    ],
    Array(6).fill("---"),
    ...rows
  ].map((row) => `| ${row.map((cell) => cell.replaceAll("|", "\\|").replace(/\s+/g, " ")).join(" | ")} |`).join("\n");
}

// scripts/setup/main.mjs
try {
  await main();
} catch (problem) {
  error(
    problem instanceof SetupError ? problem.message : String(problem instanceof Error ? problem.stack : problem)
  );
  process5.exitCode = 1;
}
async function main() {
  const releases = findReleases();
  const wanted = wantedVersion({ version: input("version"), versionFile: input("version-file") });
  const version = await chooseVersion(wanted, releases, input("github-token"));
  const { folder, path, downloaded } = await installHale(version, releases);
  const reported = await versionOf(path);
  if (reported !== version) {
    throw new SetupError(`${path} should be hale ${version}, but reports version ${reported}.`);
  }
  addPath(folder);
  info(
    `hale ${version} (${downloaded ? "downloaded and verified" : "already installed, verified"}): ${path}`
  );
  setOutput("version", version);
  setOutput("path", path);
  saveState("path", path);
  const config = input("config");
  saveState("config", config === "" ? "" : resolve(config));
  setOutput("cache-hit", String(await restore(resolve(config || "hale.toml"))));
  await startServices(new Services(path, config === "" ? "" : resolve(config)));
}
async function restore(config) {
  const key = booleanInput("cache") && hasCache() ? cacheKey(config, runnerTarget()) : null;
  if (key === null) return false;
  try {
    if (await restoreEngines(key)) {
      info(`restored engines from the cache: ${key}`);
      return true;
    }
    saveState("cache_key", key);
  } catch (problem) {
    warning(
      `Could not restore engines from the cache, they will be downloaded: ${problem instanceof Error ? problem.message : problem}`
    );
  }
  return false;
}
async function startServices(services) {
  const up = input("up");
  if (up === "" || up === "false") return setOutput("endpoints", "{}");
  const names = up === "true" ? [] : up.split(/[\s,]+/).filter(Boolean);
  const before = new Set((await services.status()).filter(isUp).map(({ name }) => name));
  const code = await services.up(names, input("timeout") || "2m");
  const after = await services.status();
  saveState(
    "started",
    JSON.stringify(after.map(({ name }) => name).filter((name) => !before.has(name)))
  );
  addSummary(`### hale

${summaryTable(after)}`);
  const endpoints = after.flatMap(({ name, endpoint }) => endpoint === null ? [] : [[name, endpoint]]);
  setOutput("endpoints", JSON.stringify(Object.fromEntries(endpoints)));
  if (code !== 0) {
    throw new SetupError(`The services are not ready: \`hale up\` exited with ${code}.`);
  }
}
