import { DELIMITER, dirname, join } from "@std/path";
import { freePorts } from "../demo/free_ports.ts";
import { serveMirror } from "../demo/mirror.ts";
import { MARK_VARIABLE } from "./observer.ts";
import type { Program } from "./program.ts";
import { type CommandResult, runCommand } from "./run_command.ts";

const SYSTEM_FOLDERS = [
  "/usr/local/sbin",
  "/usr/local/bin",
  "/usr/sbin",
  "/usr/bin",
  "/sbin",
  "/bin",
];

/** Time for `npm install` and `prepare`, in milliseconds. */
const PREPARE_MS = 300_000;

/** Time for one probe, in milliseconds. */
const PROBE_MS = 3_000;

/** Variables of the caller that would change hale or its words. */
const AMBIENT = /^(HALE|RIVET|NO_COLOR$|FORCE_COLOR$|INIT_CWD$|npm_)/i;

/** Says that a program cannot be tried on this machine. */
export class NotInstalled extends Error {}

/** The folder, the ports and the environment of one trial. */
export class Workshop implements AsyncDisposable {
  readonly #stack = new AsyncDisposableStack();
  readonly program: Program;
  readonly folder: string;
  readonly home: string;
  readonly mark: string = crypto.randomUUID();
  readonly ports: readonly number[];
  /** Environment of hale's commands. */
  readonly env: Record<string, string>;
  version: string | null = null;

  private constructor(program: Program, folder: string) {
    const offsets = program.port_offsets ?? [0];
    this.program = program;
    this.folder = folder;
    this.home = join(folder, "home");
    this.ports = program.port_offsets === undefined
      ? Array.from({ length: program.ports }, () => freePorts([0])[0]!)
      : freePorts(offsets);
    const kept = Object.entries(Deno.env.toObject()).filter(([name]) => !AMBIENT.test(name));
    this.env = {
      ...Object.fromEntries(kept),
      PATH: searchPath(program.paths),
      HALE_HOME: this.home,
      NO_COLOR: "1",
      [MARK_VARIABLE]: this.mark,
    };
  }

  /**
   * Prepares a trial: folder, packages, data.
   *
   * @param program What to try.
   * @returns The workshop. Dispose of it to remove the folder.
   * @throws {NotInstalled} If something that the program needs is missing.
   */
  static async open(program: Program): Promise<Workshop> {
    const path = searchPath(program.paths);
    const missing = program.needs.filter((name) => !isOnPath(name, path));
    if (missing.length > 0) throw new NotInstalled(`no ${missing.join(", ")}`);
    if (program.as_root && Deno.uid() !== 0) throw new NotInstalled("needs root");
    const folder = await Deno.makeTempDir({ prefix: "hale-programs-" });
    const workshop = new Workshop(program, folder);
    workshop.#stack.defer(() => Deno.remove(folder, { recursive: true }).catch(() => {}));
    try {
      await workshop.#prepare();
    } catch (error) {
      await workshop[Symbol.asyncDispose]();
      throw error;
    }
    return workshop;
  }

  /** Runs the probe once; true if the program does its work. */
  async probe(): Promise<boolean> {
    const { probe } = this.program;
    if (probe === null) return true;
    // Not in the folder and without the mark: a probe does not belong to the program.
    const { [MARK_VARIABLE]: _, ...env } = this.#shellEnv();
    const run = await runCommand(["/bin/bash", "-c", probe], {
      cwd: "/",
      env,
      timeoutMs: PROBE_MS,
    });
    return run.code === 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }

  async #prepare(): Promise<void> {
    const { program, folder } = this;
    // Services of other users have to reach it.
    await Deno.chmod(folder, 0o755);
    if (program.npm.length > 0) await this.#installPackages();
    for (const [path, text] of Object.entries(program.files)) {
      await Deno.mkdir(dirname(join(folder, path)), { recursive: true });
      await Deno.writeTextFile(join(folder, path), this.#fill(text), { mode: 0o755 });
    }
    await Deno.writeTextFile(join(folder, "hale.toml"), this.#fill(program.hale));
    if (program.prepare !== null) {
      const { code, stderr } = await this.#shell(program.prepare);
      if (code !== 0) throw new Error(`prepare of ${program.name} failed: ${stderr.trim()}`);
    }
    if (program.version !== null) {
      const { stdout, stderr } = await this.#shell(program.version);
      this.version = /\d+(\.\d+)+[\w.+~-]*/.exec(`${stdout}\n${stderr}`)?.[0] ?? null;
    }
    if (!program.mirror) return;
    const mirror = this.#stack.use(await serveMirror());
    this.env.RIVETKIT_ENGINE_RELEASES_ENDPOINT = mirror.endpoint;
    this.version ??= mirror.version;
  }

  async #installPackages(): Promise<void> {
    const { folder, program: { npm } } = this;
    await Deno.writeTextFile(join(folder, "package.json"), `{ "private": true }\n`);
    const flags = [
      "--no-audit",
      "--no-fund",
      "--ignore-scripts",
      "--loglevel=error",
      "--prefer-offline",
    ];
    const { code, stderr } = await runCommand(["npm", "install", ...flags, ...npm], {
      ...{ cwd: folder, env: this.env, timeoutMs: PREPARE_MS },
    });
    if (code !== 0) throw new NotInstalled(`npm install: ${stderr.trim().split("\n")[0]}`);
    const name = npm[0]!.replace(/(?<=.)@.*$/, "");
    const manifest = join(folder, "node_modules", name, "package.json");
    this.version = JSON.parse(await Deno.readTextFile(manifest)).version;
  }

  #shell(script: string): Promise<CommandResult> {
    return runCommand(["/bin/bash", "-ec", script], {
      ...{ cwd: this.folder, env: this.#shellEnv(), timeoutMs: PREPARE_MS },
    });
  }

  #shellEnv(): Record<string, string> {
    const { [MARK_VARIABLE]: _, ...env } = this.env;
    return { ...env, FOLDER: this.folder, ...portVariables(this.ports) };
  }

  #fill(text: string): string {
    const values: Record<string, string> = { FOLDER: this.folder, ...portVariables(this.ports) };
    return text.replaceAll(/@([A-Z]+\d*)@/g, (whole, name) => values[name] ?? whole);
  }
}

function portVariables(ports: readonly number[]): Record<string, string> {
  return Object.fromEntries(
    ports.map((port, index) => [index === 0 ? "PORT" : `PORT${index + 1}`, String(port)]),
  );
}

/** The system's folders come first: a version manager's shims are not readable for other users. */
function searchPath(patterns: readonly string[]): string {
  const inherited = (Deno.env.get("PATH") ?? "").split(DELIMITER);
  return [...new Set([...SYSTEM_FOLDERS, ...patterns.flatMap(expand), ...inherited])]
    .join(DELIMITER);
}

/** Expands the `*` of a path that matches any name. */
function expand(pattern: string): string[] {
  const [before, after] = pattern.split("*");
  if (after === undefined) return [pattern];
  try {
    return [...Deno.readDirSync(before!)].map(({ name }) => `${before}${name}${after}`);
  } catch {
    return [];
  }
}

function isOnPath(name: string, path: string): boolean {
  return path.split(DELIMITER).some((folder) => {
    try {
      return Deno.statSync(join(folder, name)).isFile;
    } catch {
      return false;
    }
  });
}
