import { join } from "@std/path";

/** What a program writes about itself: standard output and error, and log files of its own. */
export class OwnLog {
  readonly #home: string;
  readonly #service: string;
  readonly #others: readonly string[];
  #read = new Map<string, number>();

  /** @param options `home` of hale, `service`, and `others`: paths of log files of its own. */
  constructor(options: { home: string; service: string; others: readonly string[] }) {
    this.#home = options.home;
    this.#service = options.service;
    this.#others = options.others;
  }

  /** Reads what was written since the last call. */
  async news(): Promise<string> {
    const texts = [];
    for (const path of await this.#paths()) {
      const bytes = await Deno.readFile(path).catch(() => new Uint8Array());
      const from = this.#read.get(path) ?? 0;
      // Rotation begins a log anew.
      texts.push(new TextDecoder().decode(bytes.subarray(from > bytes.length ? 0 : from)));
      this.#read.set(path, bytes.length);
    }
    return texts.join("\n");
  }

  async #paths(): Promise<string[]> {
    const runtimes = join(this.#home, "runtimes");
    const ids = await Array.fromAsync(Deno.readDir(runtimes), ({ name }) => name)
      .catch(() => []);
    const logs = ids.flatMap((id) =>
      ["stdout.log", "stderr.log"].map((file) =>
        join(runtimes, id, "services", this.#service, "logs", file)
      )
    );
    return [...logs, ...this.#others];
  }
}
