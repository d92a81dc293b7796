// Generated from scripts/setup/post.mjs by "deno task setup". Do not edit.

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
function state(name) {
  return process.env[`STATE_${name}`] ?? "";
}
function info(text) {
  console.log(text);
}
function warning(text) {
  console.log(`::warning title=hale::${escapeCommand(text)}`);
}
function showFolded(title, text) {
  const token = randomUUID();
  console.log(`::group::${escapeCommand(title)}`);
  console.log(`::stop-commands::${token}`);
  console.log(text.trimEnd());
  console.log(`::${token}::`);
  console.log("::endgroup::");
}
function escapeCommand(text) {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
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
    } catch (error) {
      if (error instanceof SetupError) throw error;
      problem = error instanceof Error ? String(error.cause ?? error.message) : String(error);
    }
    if (pauseMs === void 0) throw new SetupError(`Could not download ${url}: ${problem}.`);
    await pause(pauseMs);
  }
}

// scripts/setup/engine_cache.mjs
var SERVICE = "twirp/github.actions.results.api.v1.CacheService";
var CONFLICT = 409;
var VERSION = createHash("sha256").update("hale engines 1").digest("hex");
async function saveEngines(key) {
  const home = haleHome();
  if (!existsSync(join(home, "cache"))) return false;
  const created = await request("CreateCacheEntry", {
    key,
    version: VERSION
  });
  if (created === null) return false;
  const url = created.signed_upload_url ?? created.signedUploadUrl;
  if (created.ok !== true || !url) return false;
  await withArchive(async (archive) => {
    await tar([
      "-czf",
      archive,
      "-C",
      home,
      "cache"
    ]);
    const { size } = await stat(archive);
    await fetchOk(url, {
      method: "PUT",
      body: await openAsBlob(archive),
      headers: {
        "content-type": "application/octet-stream",
        "x-ms-blob-type": "BlockBlob"
      }
    });
    const done = await request("FinalizeCacheEntryUpload", {
      key,
      version: VERSION,
      size_bytes: String(size)
    });
    if (done?.ok !== true) throw new SetupError("GitHub's cache refused the archive.");
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

// scripts/setup/services.mjs
import { execFile as execFile2, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify as promisify2 } from "node:util";
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
    const result = await promisify2(execFile2)(this.#path, this.#args([
      ...args,
      "--no-color"
    ]), {
      maxBuffer: 64 * 1024 * 1024
    }).catch((error) => error);
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
function hasFailed({ state: state2, health }) {
  return state2 === "crashed" || state2 === "backoff" || health === "unhealthy";
}
function isUp({ state: state2 }) {
  return [
    "running",
    "starting",
    "stopping",
    "backoff"
  ].includes(state2);
}

// scripts/setup/post.mjs
if (state("path") !== "") {
  const services = new Services(state("path"), state("config"));
  await warnOnFailure("Could not show the logs of failed services", () => showFailed(services));
  await warnOnFailure("Could not stop the services", () => stopStarted(services));
  await warnOnFailure(
    "Could not save engines in the cache",
    () => cacheEngines(state("cache_key"))
  );
}
async function showFailed(services) {
  for (const status of (await services.status()).filter(hasFailed)) {
    showFolded(
      `${status.name} is ${status.state}, ${status.health}`,
      await services.historyAndLogs(status.name)
    );
  }
}
async function stopStarted(services) {
  const started = new Set(JSON.parse(state("started") || "[]"));
  const running = (await services.status()).filter(isUp).map(({ name }) => name);
  const names = running.filter((name) => started.has(name));
  if (names.length === 0) return;
  const problem = await services.stop(names);
  if (problem === "") info(`stopped: ${names.join(", ")}`);
  else warning(problem);
}
async function cacheEngines(key) {
  if (key !== "" && await saveEngines(key)) info(`saved engines in the cache: ${key}`);
}
async function warnOnFailure(what, action) {
  try {
    await action();
  } catch (problem) {
    warning(`${what}: ${problem instanceof Error ? problem.message : problem}`);
  }
}
