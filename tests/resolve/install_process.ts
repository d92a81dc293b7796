import { fromFileUrl } from "@std/path";
import type { InstallOutcome } from "./install_child.ts";

/** How to run {@linkcode spawnInstall}. */
export interface SpawnInstallOptions {
  readonly endpoint: string;
  readonly cacheDir: string;
  /** Permission flags. @default ["-A"] */
  readonly permissions?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** An installation in a process of its own. */
export interface InstallProcess {
  /** Ends the process at once, as a power cut would. */
  kill(): void;
  /** Settles when the process has ended; null where it printed nothing. */
  readonly outcome: Promise<InstallOutcome | null>;
}

/** Installs the test engine in a process of its own. */
export function spawnInstall(options: SpawnInstallOptions): InstallProcess {
  const { endpoint, cacheDir, permissions = ["-A"], env = {} } = options;
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-lock",
      `--config=${fromFileUrl(import.meta.resolve("../../deno.json"))}`,
      ...permissions,
      fromFileUrl(import.meta.resolve("./install_child.ts")),
      endpoint,
      cacheDir,
    ],
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  return {
    kill: () => child.kill("SIGKILL"),
    outcome: child.output().then(({ stdout }) => {
      const text = new TextDecoder().decode(stdout);
      return text === "" ? null : JSON.parse(text) as InstallOutcome;
    }),
  };
}
