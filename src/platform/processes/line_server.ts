/**
 * A program that answers requests: one line in, lines and an end mark out.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";

/** How a {@linkcode LineServer} runs. */
export interface LineServerOptions {
  readonly program: string;
  readonly args: readonly string[];
  /** How long a request may take, in milliseconds. After that the program is killed. */
  readonly timeoutMs: number;
}

/** The line that ends each answer. */
export const END_MARK = ".";

interface Running {
  readonly child: ChildProcess;
  /** Resolves when it has exited, or could not be started. */
  readonly ended: Promise<Error>;
  /** Receives the lines of the current answer. */
  receive: (line: string) => void;
}

/**
 * Asks a program that is started at the first request and then kept: the start of PowerShell takes many
 * times as long as an answer. It does not keep this program running, and it exits when this one does, because
 * its standard input ends. Requests are answered one after the other.
 *
 * `node:child_process`, because `Deno.Command` cannot hide the console window that Windows opens for a
 * program whose parent has no console, as a supervisor (Deno, runtime/subprocess_windows).
 */
export class LineServer {
  readonly #options: LineServerOptions;
  #running: Running | null = null;
  #last: Promise<unknown> = Promise.resolve();

  /** @param options The program. */
  constructor(options: LineServerOptions) {
    this.#options = options;
  }

  /**
   * Requests an answer.
   *
   * @param request One line.
   * @returns The lines of the answer.
   * @throws If the program cannot be started, exits, or does not answer in time. The next request starts
   * it again.
   */
  request(request: string): Promise<readonly string[]> {
    const answer = this.#last.then(() => this.#ask(request));
    this.#last = answer.catch(() => {});
    return answer;
  }

  /** Ends the program, if it runs. */
  async close(): Promise<void> {
    await this.#last;
    const running = this.#running;
    this.#running = null;
    if (running === null) return;
    running.child.ref();
    running.child.stdin?.end();
    await running.ended;
  }

  async #ask(request: string): Promise<readonly string[]> {
    const running = this.#running ??= this.#start();
    const { program, timeoutMs } = this.#options;
    const answer = Promise.withResolvers<readonly string[]>();
    const lines: string[] = [];
    running.receive = (line) => line === END_MARK ? answer.resolve(lines) : lines.push(line);
    const timer = setTimeout(() => {
      answer.reject(new Error(`${program} did not answer within ${timeoutMs / 1_000}s`));
    }, timeoutMs);
    running.ended.then(answer.reject);
    try {
      running.child.stdin?.write(`${request}\n`);
      return await answer.promise;
    } catch (error) {
      if (this.#running === running) this.#running = null;
      if (running.child.pid !== undefined) running.child.kill("SIGKILL");
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  #start(): Running {
    const { program, args } = this.#options;
    const child = spawn(program, [...args], {
      stdio: ["pipe", "pipe", "ignore"],
      windowsHide: true,
    });
    const ended = new Promise<Error>((resolve) => {
      child.on("error", resolve);
      child.once("exit", () => resolve(new Error(`${program} exited without an answer`)));
    });
    // Nothing of it keeps this program running; a request has a timer that does.
    if (child.pid !== undefined) child.unref();
    for (const pipe of [child.stdin, child.stdout]) (pipe as { unref?: () => void })?.unref?.();
    child.stdin?.on("error", () => {});
    const running: Running = { child, ended, receive: () => {} };
    let rest = "";
    child.stdout?.setEncoding("utf8");
    child.stdout?.on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines) running.receive(line.replace(/\r$/, ""));
    });
    return running;
  }
}
