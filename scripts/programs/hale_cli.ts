import { fromFileUrl, resolve } from "@std/path";
import type { AuditRecord } from "../../src/model/audit_record.ts";
import type { EventRecord, TranscriptRecord } from "../../src/model/records.ts";
import type { ServiceStatus } from "../../src/model/service_state.ts";
import { type CommandResult, runCommand } from "./run_command.ts";

const MAIN = fromFileUrl(new URL("../../main.ts", import.meta.url));
const CONFIG = fromFileUrl(new URL("../../deno.json", import.meta.url));

/** After this long a command of hale is killed, in milliseconds. No budget of hale is as long. */
const DEADLINE_MS = 150_000;

/**
 * How hale is run: the executable that `HALE_BIN` names, or this source.
 *
 * @returns `words`: the start of its command lines; `mark`: the word by which they are recognized.
 */
export function haleProgram(): { readonly words: readonly string[]; readonly mark: string } {
  const binary = Deno.env.get("HALE_BIN");
  if (binary) return { words: [resolve(binary)], mark: resolve(binary) };
  const flags = ["run", "--quiet", "--permission-set", "--no-prompt", "--config", CONFIG, MAIN];
  return { words: [Deno.execPath(), ...flags], mark: MAIN };
}

/** The command line of hale, in one folder and with one home. */
export class HaleCli {
  readonly #cwd: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #service: string;
  readonly #signal: AbortSignal;

  /**
   * @param options `cwd` and `env` of the commands, and the service that they are about. `signal`
   * ends them.
   */
  constructor(options: {
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
    readonly service: string;
    readonly signal: AbortSignal;
  }) {
    this.#signal = options.signal;
    this.#cwd = options.cwd;
    this.#env = options.env;
    this.#service = options.service;
  }

  /** Runs a command. */
  run(...args: string[]): Promise<CommandResult> {
    return runCommand([...haleProgram().words, ...args], {
      ...{ cwd: this.#cwd, env: this.#env, timeoutMs: DEADLINE_MS, signal: this.#signal },
      line: `hale ${args.join(" ")}`,
    });
  }

  /** The service as `hale status` shows it; null if the command failed. */
  async status(): Promise<ServiceStatus | null> {
    const services = await this.#json<ServiceStatus[]>("status", "--json");
    return services?.find(({ name }) => name === this.#service) ?? null;
  }

  /** What `hale history` shows. */
  async history(): Promise<readonly TranscriptRecord[]> {
    type Page = { items: TranscriptRecord[] };
    const page = await this.#json<Page>("history", this.#service, "--limit", "1000", "--json");
    return page?.items ?? [];
  }

  /** What `hale events` shows of the service. */
  async events(): Promise<readonly EventRecord[]> {
    const { stdout } = await this.run("events", "--limit", "1000", "--json");
    const events: EventRecord[] = stdout.split("\n").filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line));
    return events.filter(({ service }) => service === this.#service);
  }

  /** What `hale audit` shows of the service. */
  async audit(): Promise<readonly AuditRecord[]> {
    const records = await this.#json<AuditRecord[]>("audit", "--json") ?? [];
    return records.filter(({ server }) => server === this.#service);
  }

  async #json<T>(...args: string[]): Promise<T | null> {
    const { code, stdout } = await this.run(...args);
    if (code !== 0) return null;
    try {
      return JSON.parse(stdout);
    } catch {
      return null;
    }
  }
}
