// A fake runner of GitHub Actions: folders, files and environment. Every path contains a space.

import { fromFileUrl, resolve } from "@std/path";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { until } from "../../fixtures/until.ts";
import { LoopbackGitHub } from "./github.ts";

/** The bundles, which GitHub runs instead of the scripts. */
const DIST = fromFileUrl(new URL("../../../.github/actions/setup/dist/", import.meta.url));
const MAIN = fromFileUrl(new URL("../../../main.ts", import.meta.url));
const CONFIG = fromFileUrl(new URL("../../../deno.json", import.meta.url));

/** Result of a step. */
export interface StepResult {
  readonly code: number;
  readonly output: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  readonly path: readonly string[];
  readonly summary: string;
}

/** A runner with a workspace. Disposing of it stops the processes that were started on it. */
export class Runner implements AsyncDisposable {
  readonly #folder = new TempFolder();
  readonly github = new LoopbackGitHub();
  readonly workspace: string;
  readonly home: string;
  readonly tools: string;
  #step = 0;

  constructor() {
    for (const name of ["a work space", "runner temp", "tool cache"]) {
      Deno.mkdirSync(this.#folder.join(name));
    }
    this.workspace = this.#folder.join("a work space");
    this.home = this.#folder.join("hale home");
    this.tools = this.#folder.join("tool cache");
  }

  /** Writes a file below the folder of this runner. */
  write(name: string, text: string, options?: { executable: boolean }): string {
    return this.#folder.write(name, text, options);
  }

  /** An executable that runs hale. */
  get program(): string {
    const binary = Deno.env.get("HALE_BIN");
    const words = binary
      ? [resolve(binary)]
      : [Deno.execPath(), "run", "-q", "-P", "--config", CONFIG, MAIN];
    return `#!/bin/sh\nexec ${words.map((word) => `'${word}'`).join(" ")} "$@"\n`;
  }

  /** Runs a step of the action like the runner. */
  async step(
    script: "main" | "post",
    inputs: Readonly<Record<string, string>>,
    options: {
      readonly state?: Readonly<Record<string, string>>;
      readonly path?: string;
      readonly env?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<StepResult> {
    const files = [
      "GITHUB_OUTPUT",
      "GITHUB_STATE",
      "GITHUB_PATH",
      "GITHUB_STEP_SUMMARY",
      "GITHUB_ENV",
    ];
    const name = (file: string) => `runner temp/${file}-${this.#step}`;
    this.#step++;
    for (const file of files) this.write(name(file), "");
    const prefixed = (prefix: string, values: Readonly<Record<string, string>>) =>
      Object.entries(values).map(([key, value]) => [prefix + key, value]);
    const { code, stdout, stderr } = await new Deno.Command("node", {
      args: [`${DIST}${script}.mjs`],
      cwd: this.workspace,
      clearEnv: true,
      env: Object.fromEntries([
        ...files.map((file) => [file, this.#folder.join(name(file))]),
        ...prefixed("INPUT_", upperCased(inputs)),
        ...prefixed("STATE_", options.state ?? {}),
        ["PATH", `${options.path ?? ""}:${Deno.env.get("PATH")}`],
        ["HOME", this.#folder.path],
        ["DENO_DIR", Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`],
        ["HALE_HOME", this.home],
        ["HALE_RELEASES_ENDPOINT", this.github.url],
        ["GITHUB_ACTION_REPOSITORY", "acme/hale"],
        ["RUNNER_TEMP", this.#folder.join("runner temp")],
        ["RUNNER_TOOL_CACHE", this.tools],
        ["ACTIONS_RESULTS_URL", `${this.github.url}/`],
        ["ACTIONS_RUNTIME_TOKEN", "runtime-token"],
        ["ACTIONS_CACHE_SERVICE_V2", "True"],
        ["GITHUB_API_URL", `${this.github.url}/api/v3`],
        ...Object.entries(options.env ?? {}),
      ]),
      stdin: "null",
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    const read = (file: string) => this.#folder.read(name(file));
    return {
      code,
      output: text(stdout) + text(stderr),
      outputs: entriesOf(read("GITHUB_OUTPUT")),
      state: entriesOf(read("GITHUB_STATE")),
      path: read("GITHUB_PATH").split("\n").filter(Boolean),
      summary: read("GITHUB_STEP_SUMMARY"),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#endSupervisor();
    await this.github[Symbol.asyncDispose]();
    this.#folder[Symbol.dispose]();
  }

  async #endSupervisor(): Promise<void> {
    const endpoint = () => this.#folder.read("hale home/supervisor/endpoint.json");
    if (endpoint() === "") return;
    const down = this.write("down.sh", this.program, { executable: true });
    await new Deno.Command(down, {
      args: ["down", "-q"],
      cwd: this.workspace,
      env: { HALE_HOME: this.home },
      stdout: "null",
      stderr: "null",
    }).output();
    Deno.kill(JSON.parse(endpoint()).pid, "SIGTERM");
    await until(() => endpoint() === "");
  }
}

function upperCased(inputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(inputs).map(([key, value]) => [key.toUpperCase(), value]),
  );
}

/** Parses `name<<end`, lines, `end`, like the runner. */
function entriesOf(text: string): Record<string, string> {
  const entries: Record<string, string> = {};
  for (const match of text.matchAll(/^(.+)<<(.+)\n([\s\S]*?)\n\2$/gm)) {
    entries[match[1]!] = match[3]!;
  }
  return entries;
}
