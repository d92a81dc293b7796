/** How a command ended. */
export interface HaleResult {
  /** The command line, for people. */
  readonly line: string;
  /** Exit status; null if a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What to run. */
export interface HalePlan {
  /** Program and arguments. */
  readonly words: readonly string[];
  /** The command line, for people. */
  readonly line: string;
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** After this long it is reported and killed, in milliseconds. Infinity for followers. */
  readonly boundMs: number;
  readonly onHang: (process: HaleProcess) => void;
}

/** How long the end of a pipe is awaited after the exit, in milliseconds. */
const PIPE_MS = 2_000;

/** A running command of hale. */
export class HaleProcess {
  readonly pid: number;
  readonly line: string;
  /** Settles when it has ended. */
  readonly result: Promise<HaleResult>;
  readonly #child: Deno.ChildProcess;
  #stdout = "";
  #stderr = "";
  #isOver = false;

  /** @param plan What to run. */
  constructor(plan: HalePlan) {
    const [program, ...args] = plan.words;
    this.line = plan.line;
    this.#child = new Deno.Command(program!, {
      ...{ args, cwd: plan.cwd, env: { ...plan.env }, clearEnv: true },
      ...{ stdin: "null", stdout: "piped", stderr: "piped" },
    }).spawn();
    this.pid = this.#child.pid;
    this.result = this.#run(plan);
  }

  /** Standard output so far. */
  get stdout(): string {
    return this.#stdout;
  }

  /** Standard error so far. */
  get stderr(): string {
    return this.#stderr;
  }

  /** Whether it has ended. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Sends a signal, unless it has ended. Returns whether it was sent. */
  signal(name: Deno.Signal): boolean {
    if (this.#isOver) return false;
    try {
      this.#child.kill(name);
      return true;
    } catch {
      // It has ended, and its status is about to be read.
      return false;
    }
  }

  async #run({ boundMs, onHang }: HalePlan): Promise<HaleResult> {
    const reading = Promise.all([
      read(this.#child.stdout, (text) => this.#stdout += text),
      read(this.#child.stderr, (text) => this.#stderr += text),
    ]);
    let timer: ReturnType<typeof setTimeout> | null = null;
    const arm = (ms: number, grantedMs: number) => {
      timer = setTimeout(() => {
        // The time for which it waited for a processor is no time of its own.
        const waitedMs = runDelayMs(this.pid) - grantedMs;
        if (waitedMs > boundMs / 10) return arm(waitedMs, grantedMs + waitedMs);
        onHang(this);
        this.signal("SIGKILL");
      }, ms);
    };
    if (boundMs !== Infinity) arm(boundMs, 0);
    const { code, signal } = await this.#child.status;
    this.#isOver = true;
    if (timer !== null) clearTimeout(timer);
    const late = Promise.withResolvers<void>();
    const pipes = setTimeout(late.resolve, PIPE_MS);
    await Promise.race([reading, late.promise]);
    clearTimeout(pipes);
    return {
      line: this.line,
      code: signal === null ? code : null,
      stdout: this.#stdout,
      stderr: this.#stderr,
    };
  }
}

/** For how long a process has waited for a processor, in milliseconds (proc(5), `schedstat`). */
function runDelayMs(pid: number): number {
  try {
    return Number(Deno.readTextFileSync(`/proc/${pid}/schedstat`).split(" ")[1]) / 1e6;
  } catch {
    // It has ended, or this is not Linux.
    return 0;
  }
}

async function read(
  pipe: ReadableStream<Uint8Array<ArrayBuffer>>,
  take: (text: string) => void,
): Promise<void> {
  for await (const text of pipe.pipeThrough(new TextDecoderStream())) take(text);
}
