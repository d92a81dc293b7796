import { join } from "@std/path";
import { stateOf } from "./marked_processes.ts";
import type { Tally } from "./tally.ts";

/** Signals that a program can notice. SIGKILL and SIGSTOP show in the process table. */
const NOTICED = "HUP INT QUIT USR1 USR2 ALRM TERM CONT TSTP TTIN TTOU WINCH";

/** Writes each signal that reaches it or its worker, which is in its process group. */
const SCRIPT = `for s in ${NOTICED}; do trap "echo $s >>'$1'" $s; done
if [ "$2" = leader ]; then sh "$0" "$1" worker & fi
echo ready >>"$1"
while :; do sleep 1000 & wait $!; done`;

/** A program that is no service, in a session of its own. It writes down each signal that reaches it. */
export class Stranger implements AsyncDisposable {
  readonly pid: number;
  readonly #child: Deno.ChildProcess;
  readonly #folder: string;
  readonly #isLeader: boolean;

  private constructor(child: Deno.ChildProcess, folder: string, isLeader: boolean) {
    this.#child = child;
    this.#folder = folder;
    this.#isLeader = isLeader;
    this.pid = child.pid;
  }

  /** Starts one. `hasWorker`: whether a second process is in its group. */
  static start({ hasWorker = false } = {}): Stranger {
    const folder = Deno.makeTempDirSync({ prefix: "hale-fault-stranger-" });
    const script = join(folder, "stranger.sh");
    Deno.writeTextFileSync(script, SCRIPT);
    // Such a child is no group leader, so setsid(1) makes it one without another fork.
    const child = new Deno.Command("setsid", {
      args: ["sh", script, join(folder, "signals"), hasWorker ? "leader" : "alone"],
      ...{ cwd: "/", stdin: "null", stdout: "null", stderr: "null" },
    }).spawn();
    return new Stranger(child, folder, hasWorker);
  }

  /** Whether it notices signals from now on. */
  get isReady(): boolean {
    return this.#lines().length >= (this.#isLeader ? 2 : 1);
  }

  /** Counts the signals that have reached it. */
  judge(tally: Tally, where: string): void {
    const signals = this.#lines().filter((line) => line !== "ready");
    const state = stateOf(this.pid);
    if (state !== "running") signals.push(`it is ${state}`);
    if (signals.length === 0) return;
    tally.bad("strangers", `${where}: a stranger (pid ${this.pid}) got ${signals.join(", ")}`);
  }

  /** Kills it and its group. */
  async [Symbol.asyncDispose](): Promise<void> {
    // It may not lead a group yet, or has ended.
    for (const kill of [() => Deno.kill(-this.pid, "SIGKILL"), () => this.#child.kill("SIGKILL")]) {
      try {
        kill();
      } catch {
        continue;
      }
    }
    await this.#child.status;
    await Deno.remove(this.#folder, { recursive: true });
  }

  #lines(): string[] {
    try {
      const text = Deno.readTextFileSync(join(this.#folder, "signals"));
      return text.split("\n").filter((line) => line !== "");
    } catch {
      // It has not come so far.
      return [];
    }
  }
}
