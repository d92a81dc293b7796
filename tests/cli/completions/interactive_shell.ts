// A shell at a terminal, as a person has it.

import { until } from "../../fixtures/until.ts";

/** Whether a program is there to be run. */
export function isInstalled(program: string): boolean {
  try {
    return new Deno.Command("sh", {
      args: ["-c", 'command -v "$1" >/dev/null', "sh", program],
    }).outputSync().success;
  } catch {
    return false;
  }
}

/** Whether `script` can give a program a terminal: the one of util-linux does. */
export function hasTerminals(): boolean {
  return Deno.build.os === "linux" && isInstalled("script");
}

/** A shell at a terminal of its own. Disposing of it ends it. */
export class InteractiveShell implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #reading: Promise<void>;
  #shown = "";

  /**
   * @param command What to run, for a POSIX shell.
   * @param options Where, and in which environment.
   */
  constructor(command: string, options: { cwd: string; env: Record<string, string> }) {
    this.#child = new Deno.Command("script", {
      args: ["--quiet", "--flush", "--command", command, "/dev/null"],
      cwd: options.cwd,
      env: { ...options.env, TERM: "xterm", COLUMNS: "200", LINES: "50" },
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#reading = this.#read();
  }

  /** Types something; a tab is a tab. */
  async type(text: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(text));
  }

  /** Waits until something stands on the screen that was not there before. */
  async shows(expected: string | RegExp): Promise<void> {
    try {
      await until(() => {
        const found = typeof expected === "string" ? expected : this.#shown.match(expected)?.[0];
        const at = found === undefined ? -1 : this.#shown.indexOf(found);
        if (at === -1) return false;
        this.#shown = this.#shown.slice(at + found!.length);
        return true;
      });
    } catch {
      throw new Error(`The shell did not show ${expected}, but:\n${JSON.stringify(this.#shown)}`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // What stands in the line is dropped, and the shell ends by itself: killed, it would still write
    // its history while its folder is being removed.
    await this.type("\x15exit\n").catch(() => {});
    const hangs = setTimeout(() => this.#child.kill("SIGKILL"), 5_000);
    await this.#reading;
    await this.#child.status;
    clearTimeout(hangs);
    await this.#input.abort().catch(() => {});
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of this.#child.stdout) {
      // Without what only moves the cursor and colours.
      // deno-lint-ignore no-control-regex
      this.#shown += decoder.decode(chunk, { stream: true }).replace(/\x1b\[[0-9;?]*[a-zA-Z]/g, "");
    }
  }
}
