/**
 * Runs a command line as a shell does.
 *
 * @module
 */

/** Exit status and output of a command. */
export interface CommandResult {
  /** 128 + n if signal n terminated it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Settings of {@linkcode CommandRun}. */
export interface CommandPlan {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether it leads a session and a process group of its own. @default false */
  readonly detached?: boolean;
}

/** Time after which a command is killed and its test fails. */
const DEADLINE_MS = 60_000;

/** A running command. */
export class CommandRun {
  /** Settles once it has exited and all output was read. */
  readonly result: Promise<CommandResult>;
  readonly #child: Deno.ChildProcess;
  readonly #plan: CommandPlan;
  readonly #said = { stdout: "", stderr: "" };
  readonly #lookers = new Set<() => void>();
  #over = false;

  constructor(plan: CommandPlan) {
    this.#plan = plan;
    this.#child = new Deno.Command(plan.program, {
      args: [...plan.args],
      cwd: plan.cwd,
      env: { ...plan.env },
      clearEnv: true,
      detached: plan.detached ?? false,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.result = this.#run();
    this.result.catch(() => {});
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Standard output so far. */
  get stdout(): string {
    return this.#said.stdout;
  }

  /** Standard error so far. */
  get stderr(): string {
    return this.#said.stderr;
  }

  /** Sends a signal to it, or to its group if it leads one, unless it has exited. */
  signal(name: Deno.Signal): void {
    if (!this.#over) Deno.kill(this.#plan.detached ? -this.pid : this.pid, name);
  }

  /** Kills it and its group, unless it has exited. */
  kill(): void {
    try {
      this.signal("SIGKILL");
    } catch (error) {
      // It has exited, and its output is still being read.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  /**
   * Waits for output.
   *
   * @param stream The stream.
   * @param isSo Whether the output so far is sufficient.
   * @throws {Error} If it exits first, or after 30 seconds.
   */
  async said(stream: "stdout" | "stderr", isSo: (text: string) => boolean): Promise<string> {
    const said = Promise.withResolvers<string>();
    const look = () => {
      if (isSo(this.#said[stream])) said.resolve(this.#said[stream]);
      else if (this.#over) said.reject(this.#failure("has ended without it"));
    };
    const timer = setTimeout(() => said.reject(this.#failure("is silent")), DEADLINE_MS / 2);
    this.#lookers.add(look);
    look();
    try {
      return await said.promise;
    } finally {
      clearTimeout(timer);
      this.#lookers.delete(look);
    }
  }

  async #run(): Promise<CommandResult> {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.kill();
    }, DEADLINE_MS);
    try {
      const [{ code }] = await Promise.all([
        this.#child.status,
        this.#read("stdout"),
        this.#read("stderr"),
      ]);
      if (late) throw this.#failure(`did not end within ${DEADLINE_MS / 1000} s`);
      return { code, ...this.#said };
    } finally {
      clearTimeout(timer);
      this.#over = true;
      for (const look of this.#lookers) look();
    }
  }

  async #read(stream: "stdout" | "stderr"): Promise<void> {
    for await (const text of this.#child[stream].pipeThrough(new TextDecoderStream())) {
      this.#said[stream] += text;
      for (const look of this.#lookers) look();
    }
  }

  #failure(what: string): Error {
    const { stdout, stderr } = this.#said;
    const line = this.#plan.args.slice(-4).join(" ");
    return new Error(`"${line}" ${what}.\nstdout:\n${stdout}\nstderr:\n${stderr}`);
  }
}
