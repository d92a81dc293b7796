/** How a command ended. */
export interface CommandResult {
  /** The command line, for people. */
  readonly line: string;
  /** Exit status; null if it did not end in time and was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Unix milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** What to run. */
export interface CommandOptions {
  readonly cwd: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** After this long it is killed, in milliseconds. */
  readonly timeoutMs: number;
  /** Kills it; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** The command line, for people. @default the words joined by spaces */
  readonly line?: string;
}

/**
 * Runs a command with a deadline.
 *
 * @param words The program and its arguments.
 * @param options Where and how long.
 * @returns How it ended.
 * @throws If it could not be started, or the signal's reason.
 */
export async function runCommand(
  words: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  const { cwd, env, timeoutMs, signal, line = words.join(" ") } = options;
  const [program, ...args] = words;
  signal?.throwIfAborted();
  const startedAt = Date.now();
  const child = new Deno.Command(program!, {
    ...{ args, cwd, env: { ...env }, clearEnv: true },
    ...{ stdin: "null", stdout: "piped", stderr: "piped" },
  }).spawn();
  let isLate = false;
  const kill = () => {
    try {
      child.kill("SIGKILL");
    } catch (error) {
      // It has ended, and its status is about to be read.
      if (!(error instanceof TypeError)) throw error;
    }
  };
  const deadline = setTimeout(() => {
    isLate = true;
    kill();
  }, timeoutMs);
  signal?.addEventListener("abort", kill);
  const readers = [child.stdout, child.stderr].map((pipe) => new PipeText(pipe));
  const { code } = await child.status;
  clearTimeout(deadline);
  signal?.removeEventListener("abort", kill);
  signal?.throwIfAborted();
  const [stdout, stderr] = await Promise.all(readers.map((reader) => reader.text()));
  return {
    ...{ line, code: isLate ? null : code, stdout: stdout!, stderr: stderr! },
    ...{ startedAt, endedAt: Date.now() },
  };
}

/** How long to wait for the end of a pipe after the command has ended, in milliseconds. */
const PIPE_MS = 500;

/** Reads a pipe. What outlives the command may hold it open, so its end is not waited for long. */
class PipeText {
  readonly #reader: ReadableStreamDefaultReader<string>;
  readonly #ended: Promise<void>;
  #text = "";

  constructor(pipe: ReadableStream<Uint8Array<ArrayBuffer>>) {
    this.#reader = pipe.pipeThrough(new TextDecoderStream()).getReader();
    this.#ended = this.#read();
  }

  async text(): Promise<string> {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, PIPE_MS);
    await Promise.race([this.#ended, late.promise]);
    clearTimeout(timer);
    await this.#reader.cancel();
    return this.#text;
  }

  async #read(): Promise<void> {
    for (;;) {
      const { done, value } = await this.#reader.read();
      if (done) return;
      this.#text += value;
    }
  }
}
