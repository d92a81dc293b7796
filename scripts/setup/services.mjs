// @ts-check
// Services of a project, by the hale that was installed.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";

/**
 * @typedef {{ name: string, state: string, health: string, version: string | null, endpoint: string | null, restarts: number }} ServiceStatus
 */

/** Lines of a log that are shown of a service that failed. */
const SHOWN_LINES = "200";

/** hale on one project. */
export class Services {
  #path;
  #config;

  /** @param {string} path The executable. @param {string} config The `hale.toml`; may be empty. */
  constructor(path, config) {
    this.#path = path;
    this.#config = config;
  }

  /** @returns {Promise<ServiceStatus[]>} Their status; none where there is no project. */
  async status() {
    const { stdout } = await this.#ask(["status", "--json"]);
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
    const args = this.#args(["up", ...names, "--timeout", timeout, "--no-color"]);
    const [code] = await once(
      spawn(this.#path, args, { stdio: ["ignore", "inherit", "inherit"] }),
      "close",
    );
    return code ?? 1;
  }

  /**
   * @param {readonly string[]} names
   * @returns {Promise<string>} What hale says; empty where it went well.
   */
  async stop(names) {
    const { code, stderr } = await this.#ask(["stop", ...names, "--quiet"]);
    return code === 0 ? "" : stderr;
  }

  /** @param {string} name @returns {Promise<string>} Its last words. */
  async lastWords(name) {
    const logs = ["logs", name, "-n", SHOWN_LINES];
    const parts = await Promise.all([
      this.#ask(["history", name]),
      this.#ask([...logs, "--stdout"]),
      this.#ask([...logs, "--stderr"]),
    ]);
    return ["its story", "its standard output", "its standard error"]
      .map((title, index) => `--- ${title}\n${parts[index]?.stdout}`).join("\n");
  }

  /** @param {readonly string[]} args */
  async #ask(args) {
    /** @type {{ code?: number, stdout: string, stderr: string }} */
    const answer = await promisify(execFile)(this.#path, this.#args([...args, "--no-color"]), {
      maxBuffer: 64 * 1024 * 1024,
    }).catch((error) => error);
    return { code: 0, ...answer, stdout: answer.stdout ?? "", stderr: answer.stderr ?? "" };
  }

  /** @param {readonly string[]} args */
  #args(args) {
    return [...args, ...(this.#config === "" ? [] : ["--config", this.#config])];
  }
}

/**
 * Whether something went wrong with a service.
 *
 * @param {ServiceStatus} status
 */
export function hasFailed({ state, health }) {
  return state === "crashed" || state === "backoff" || health === "unhealthy";
}

/**
 * Whether a service is up.
 *
 * @param {ServiceStatus} status
 */
export function isUp({ state }) {
  return ["running", "starting", "stopping", "backoff"].includes(state);
}

/**
 * The status of services, for the summary of a job.
 *
 * @param {readonly ServiceStatus[]} services
 * @returns {string} A Markdown table.
 */
export function summaryTable(services) {
  const rows = services.map((
    { name, state, health, version, endpoint, restarts },
  ) => [name, state, health, String(restarts), endpoint ?? "", version ?? ""]);
  return [
    ["service", "state", "health", "restarts", "endpoint", "version"],
    Array(6).fill("---"),
    ...rows,
  ]
    .map((row) =>
      `| ${row.map((cell) => cell.replaceAll("|", "\\|").replace(/\s+/g, " ")).join(" | ")} |`
    )
    .join("\n");
}
