// @ts-check
// Runs the installed hale on the services of a project.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import { haleEnvironment } from "./hale_environment.mjs";

/**
 * @typedef {{ name: string, state: string, health: string, version: string | null, endpoint: string | null, restarts: number }} ServiceStatus
 */

/** Lines of each log that are shown for a failed service. */
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

  /** @returns {Promise<ServiceStatus[]>} The status of the services; empty if there is no project. */
  async status() {
    const { stdout } = await this.#run(["status", "--json"]);
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
    const args = this.#args(["up", ...names, "--timeout", timeout, "--no-color"]);
    const [code] = await once(
      spawn(this.#path, args, { env: haleEnvironment(), stdio: ["ignore", "inherit", "inherit"] }),
      "close",
    );
    return code ?? 1;
  }

  /**
   * @param {readonly string[]} names
   * @returns {Promise<string>} The error message of hale; empty after a success.
   */
  async stop(names) {
    const { code, stderr } = await this.#run(["stop", ...names, "--quiet"]);
    return code === 0 ? "" : stderr;
  }

  /** @param {string} name @returns {Promise<string>} History and end of the logs of a service. */
  async historyAndLogs(name) {
    const logs = ["logs", name, "-n", SHOWN_LINES];
    const parts = await Promise.all([
      this.#run(["history", name]),
      this.#run([...logs, "--stdout"]),
      this.#run([...logs, "--stderr"]),
    ]);
    return ["history", "standard output", "standard error"]
      .map((title, index) => `--- ${title}\n${parts[index]?.stdout}`).join("\n");
  }

  /** @param {readonly string[]} args */
  async #run(args) {
    /** @type {{ code?: number, stdout: string, stderr: string }} */
    const result = await promisify(execFile)(this.#path, this.#args([...args, "--no-color"]), {
      env: haleEnvironment(),
      maxBuffer: 64 * 1024 * 1024,
    }).catch((error) => error);
    return { code: 0, ...result, stdout: result.stdout ?? "", stderr: result.stderr ?? "" };
  }

  /** @param {readonly string[]} args */
  #args(args) {
    return [...args, ...(this.#config === "" ? [] : ["--config", this.#config])];
  }
}

/**
 * Returns whether a service has failed.
 *
 * @param {ServiceStatus} status
 */
export function hasFailed({ state, health }) {
  return state === "crashed" || state === "backoff" || health === "unhealthy";
}

/**
 * Returns whether a service is not stopped.
 *
 * @param {ServiceStatus} status
 */
export function isUp({ state }) {
  return ["running", "starting", "stopping", "backoff"].includes(state);
}

/**
 * Formats the status of services for the summary of a job.
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
