// Made of scripts/setup/post.mjs by "deno task setup": change that instead.

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
        throw new SetupError(`Could not get ${url}: ${problem}.`);
      }
    } catch (error) {
      if (error instanceof SetupError) throw error;
      problem = error instanceof Error ? String(error.cause ?? error.message) : String(error);
    }
    if (pauseMs === void 0) throw new SetupError(`Could not get ${url}: ${problem}.`);
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
  const created = await ask("CreateCacheEntry", {
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
    const done = await ask("FinalizeCacheEntryUpload", {
      key,
      version: VERSION,
      size_bytes: String(size)
    });
    if (done?.ok !== true) throw new SetupError("The cache did not take the archive.");
  });
  return true;
}
async function ask(method, request) {
  const base = String(process2.env.ACTIONS_RESULTS_URL).replace(/\/*$/, "/");
  const response = await fetchOk(`${base}${SERVICE}/${method}`, {
    method: "POST",
    body: JSON.stringify(request),
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
  /** @returns {Promise<ServiceStatus[]>} Their status; none where there is no project. */
  async status() {
    const { stdout } = await this.#ask([
      "status",
      "--json"
    ]);
    const answer = stdout === "" ? [] : JSON.parse(stdout);
    return Array.isArray(answer) ? answer : [];
  }
  /**
   * Starts services and waits until they are healthy, in front of everybody's eyes.
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
   * @returns {Promise<string>} What hale says; empty where it went well.
   */
  async stop(names) {
    const { code, stderr } = await this.#ask([
      "stop",
      ...names,
      "--quiet"
    ]);
    return code === 0 ? "" : stderr;
  }
  /** @param {string} name @returns {Promise<string>} Its last words. */
  async lastWords(name) {
    const logs = [
      "logs",
      name,
      "-n",
      SHOWN_LINES
    ];
    const parts = await Promise.all([
      this.#ask([
        "history",
        name
      ]),
      this.#ask([
        ...logs,
        "--stdout"
      ]),
      this.#ask([
        ...logs,
        "--stderr"
      ])
    ]);
    return [
      "its story",
      "its standard output",
      "its standard error"
    ].map((title, index) => `--- ${title}
${parts[index]?.stdout}`).join("\n");
  }
  /** @param {readonly string[]} args */
  async #ask(args) {
    const answer = await promisify2(execFile2)(this.#path, this.#args([
      ...args,
      "--no-color"
    ]), {
      maxBuffer: 64 * 1024 * 1024
    }).catch((error) => error);
    return {
      code: 0,
      ...answer,
      stdout: answer.stdout ?? "",
      stderr: answer.stderr ?? ""
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
  await quietly("The logs of what failed could not be shown", () => showFailed(services));
  await quietly("The services could not be stopped", () => stopStarted(services));
  await quietly("The engines could not be kept", () => keepEngines(state("cache_key")));
}
async function showFailed(services) {
  for (const status of (await services.status()).filter(hasFailed)) {
    showFolded(
      `${status.name} is ${status.state}, ${status.health}`,
      await services.lastWords(status.name)
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
async function keepEngines(key) {
  if (key !== "" && await saveEngines(key)) info(`kept the engines for the next run: ${key}`);
}
async function quietly(what, act) {
  try {
    await act();
  } catch (problem) {
    warning(`${what}: ${problem instanceof Error ? problem.message : problem}`);
  }
}
