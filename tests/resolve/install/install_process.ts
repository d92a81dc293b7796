import { fromFileUrl } from "@std/path";
import type { EngineSpec } from "../../../src/model/service_spec.ts";
import type { InstallOutcome, InstallPlan } from "./install_child.ts";
import { testEngine } from "../release_fixture.ts";

/** Options of {@linkcode spawnInstall}. */
export interface SpawnInstallOptions {
  /** Endpoint of the test engine's release, if no engine is given. @default "" */
  readonly endpoint?: string;
  readonly engine?: EngineSpec;
  readonly cacheDir: string;
  /** GitHub token. @default null */
  readonly token?: string | null;
  /** Permission flags. @default ["-A"] */
  readonly permissions?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** An installation in a child process. */
export interface InstallProcess {
  /** Kills the process, like a power failure. */
  kill(): void;
  /** Resolves when the process has exited; null if it printed nothing. */
  readonly outcome: Promise<InstallOutcome | null>;
}

/** Installs an engine, by default the test engine, in a child process. */
export function spawnInstall(options: SpawnInstallOptions): InstallProcess {
  const { endpoint = "", cacheDir, permissions = ["-A"], env = {}, token = null } = options;
  const engine = options.engine ?? testEngine(endpoint);
  const plan: InstallPlan = { engine, cacheDir, token };
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-lock",
      `--config=${fromFileUrl(import.meta.resolve("../../../deno.json"))}`,
      ...permissions,
      fromFileUrl(import.meta.resolve("./install_child.ts")),
      JSON.stringify(plan),
    ],
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  return {
    kill: () => {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has already exited.
      }
    },
    outcome: child.output().then(({ stdout }) => {
      const text = new TextDecoder().decode(stdout);
      return text === "" ? null : JSON.parse(text) as InstallOutcome;
    }),
  };
}
