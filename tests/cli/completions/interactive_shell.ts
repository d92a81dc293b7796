// An interactive shell on a pseudo-terminal.

import { until } from "../../fixtures/until.ts";

/** Whether a program is on PATH. */
export function isInstalled(program: string): boolean {
  try {
    return new Deno.Command("sh", {
      args: ["-c", 'command -v "$1" >/dev/null', "sh", program],
    }).outputSync().success;
  } catch {
    return false;
  }
}

/** Whether `script` can run a program on a pseudo-terminal; the version of util-linux can. */
export function hasTerminals(): boolean {
  return Deno.build.os === "linux" && isInstalled("script");
}

/** A shell on a pseudo-terminal. Disposing it ends the shell. */
export class InteractiveShell implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #reading: Promise<void>;
  #shown = "";

  /**
   * @param command The command line, for a POSIX shell.
   * @param options Folder and environment.
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

  /** Types a text; control characters such as a tab are typed as keys. */
  async type(text: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(text));
  }

  /** Waits until the text occurs in the output after the previous match. */
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
    // Clear the line and let the shell exit: a killed one still writes its history while its folder is
    // being removed.
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
      // Without escape codes for colors and cursor movement.
      // deno-lint-ignore no-control-regex
      this.#shown += decoder.decode(chunk, { stream: true }).replace(/\x1b\[[0-9;?]*[a-zA-Z]/g, "");
    }
  }
}
