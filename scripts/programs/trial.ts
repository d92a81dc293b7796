import { join } from "@std/path";
import type { ServiceStatus } from "../../src/model/service_state.ts";
import { HaleCli, haleProgram } from "./hale_cli.ts";
import { judgeStart, judgeStop } from "./judge_commands.ts";
import { judgeEvents, judgeHistory } from "./judge_records.ts";
import { judgeStatus } from "./judge_status.ts";
import { Observer, type SeenProcess } from "./observer.ts";
import { probeWhile } from "./probe_while.ts";
import { OwnLog } from "./own_log.ts";
import { ServiceView } from "./service_view.ts";
import { newResult, type TrialResult } from "./trial_result.ts";
import { named, type Untrue } from "./untrue.ts";
import { waitFor } from "./wait_for.ts";
import type { Workshop } from "./workshop.ts";

/** Longest wait for a program that was killed, in milliseconds. */
const BACK_MS = 60_000;

/** How long a killed child is waited for, in milliseconds. */
const CHILD_MS = 6_000;

/** How long a probe may need after hale has called the program healthy, in milliseconds. */
const ANSWER_MS = 5_000;

/** How long hale may need to notice an end, in milliseconds. */
const NOTICE_MS = 3_000;

/** How long a process that ends may still be seen, in milliseconds. */
const LEFT_MS = 400;

/** Takes one program through up, two kills, restart and down, and compares words with facts. */
export class Trial implements Disposable {
  readonly #workshop: Workshop;
  readonly #hale: HaleCli;
  readonly #observer: Observer;
  readonly #service: ServiceView;
  readonly #log: OwnLog;
  readonly #killed: string[] = [];
  readonly result: TrialResult;
  /** Number of launches that were seen when the service was last started by hand. */
  #launchesBefore = 0;

  /**
   * @param workshop Where the program is prepared.
   * @param signal Breaks the trial off; {@linkcode Trial.end} is still needed then.
   */
  constructor(workshop: Workshop, signal: AbortSignal) {
    const { program, folder, home, env, mark, ports } = workshop;
    this.#workshop = workshop;
    this.#hale = new HaleCli({ cwd: folder, env, service: program.service, signal });
    this.#observer = new Observer({ mark, folder, ports, hale: haleProgram().mark });
    this.#service = new ServiceView(this.#observer, program.service);
    const others = program.logs.map((path) => join(folder, path));
    this.#log = new OwnLog({ home, service: program.service, others });
    this.result = newResult(program.name, workshop.version);
  }

  /** Runs all steps. */
  async run(): Promise<void> {
    await this.#up();
    if (this.#service.leader() !== null) {
      await this.#killLeader();
      if (this.#service.leader() !== null) await this.#killChild();
      await this.#restart();
    }
    await this.#down();
    await this.#readRecords();
  }

  /** Ends whatever is left of the trial, by its marks. */
  async end(): Promise<void> {
    for (const pid of this.#observer.haleProcesses()) kill(pid, "SIGTERM");
    await waitFor(() => this.#observer.haleProcesses().length === 0 ? true : null, 5_000);
    await waitFor(() => {
      const programs = this.#observer.alive({ isDeep: true }).map(({ pid }) => pid);
      const left = [...this.#observer.haleProcesses(), ...programs];
      for (const pid of left) kill(pid, "SIGKILL");
      return left.length === 0 ? true : null;
    }, 5_000);
  }

  [Symbol.dispose](): void {
    this.#observer[Symbol.dispose]();
  }

  async #up(): Promise<void> {
    const { program: { daemonizes } } = this.#workshop;
    const { result, answeredMs } = await this.#start("up");
    const answers = await this.#answers();
    const { alive, others } = this.#around();
    this.#say("up", judgeStart(result, { alive, others, answers, answeredMs, daemonizes }));
    const took = `${result.endedAt - result.startedAt} ms`;
    this.result.up = result.code === 0 ? `ok, ${took}` : `status ${result.code}, ${took}`;
    await this.#checkStatus("up", { answers: daemonizes ? null : answers });
    if (this.#service.leader() === null) this.#leftOver("after up failed", this.#service.alive());
  }

  async #killLeader(): Promise<void> {
    const leader = this.#service.leader()!;
    const before = this.#service.alive().filter(({ key }) => key !== leader.key);
    const killedAt = Date.now();
    this.#kill(leader);
    const back = await this.#back("kill leader", leader);
    const took = Date.now() - killedAt;
    // A successor that ends at once may not have been seen.
    const successor = this.#service.launches.find(({ startedAt }) => startedAt > leader.startedAt);
    const tooLate = (successor?.startedAt ?? killedAt) + LEFT_MS;
    const orphans = before.filter(({ lastSeenAt }) => lastSeenAt > tooLate);
    this.result.orphans = orphans.length;
    this.#leftOver("after kill leader", orphans);
    this.result.killLeader = back === null ? await this.#notBack() : `back after ${took} ms`;
    const answers = await this.#answers();
    await this.#checkStatus("kill leader", { answers, restarts: this.#restartsSeen() });
  }

  async #killChild(): Promise<void> {
    const leader = this.#service.leader()!;
    const { child: pattern } = this.#workshop.program;
    const children = () =>
      this.#service.alive().filter(({ key, launch, command }) =>
        key !== leader.key && launch === leader.key && (pattern?.test(command) ?? true)
      );
    const before = children();
    const [child] = before;
    if (child === undefined) {
      this.result.killChild = "no child";
      return;
    }
    const killedAt = performance.now();
    this.#kill(child);
    const outcome = await waitFor(async () => {
      if (this.#service.leader()?.key !== leader.key) return "ended";
      if (children().length < before.length) return null;
      return await this.#workshop.probe() ? "replaced" : null;
    }, CHILD_MS);
    const took = () => `${Math.round(performance.now() - killedAt)} ms`;
    if (outcome === "replaced") this.result.killChild = `replaced by its parent, ${took()}`;
    else if (outcome === "ended") {
      const back = await this.#back("kill child", leader);
      this.result.killChild = back === null
        ? `it ended; ${await this.#notBack()}`
        : `it ended, back after ${took()}`;
    } else {
      this.result.killChild = await this.#workshop.probe()
        ? "goes on without it"
        : `does not answer; hale says ${(await this.#hale.status())?.health}`;
    }
    const answers = await this.#answers();
    await this.#checkStatus("kill child", { answers, restarts: this.#restartsSeen() });
  }

  async #restart(): Promise<void> {
    const before = this.#service.alive();
    this.#launchesBefore = this.#service.launches.length;
    await this.#log.news();
    const { name, service, daemonizes } = this.#workshop.program;
    const { result, answeredMs } = await this.#start("restart", service);
    const answers = await this.#answers();
    const { alive, others } = this.#around();
    this.#say("restart", judgeStart(result, { alive, others, answers, answeredMs, daemonizes }));
    const keys = new Set(before.map(({ key }) => key));
    this.#leftOver("after restart", alive.filter(({ key }) => keys.has(key)));
    const took = `${result.endedAt - result.startedAt} ms`;
    const log = await this.#cleanInLog();
    this.result.restart = `${result.code === 0 ? "ok" : `status ${result.code}`}, ${took}, ${log}`;
    await this.#checkStatus(`restart of ${name}`, {
      answers: daemonizes ? null : answers,
      restarts: result.code === 0 ? this.#restartsSeen() : null,
    });
  }

  async #down(): Promise<void> {
    const before = this.#service.alive();
    await this.#log.news();
    const kills = (await this.#hale.audit()).filter(({ action }) => action === "kill").length;
    const result = await this.#hale.run("down");
    const left = await this.#lasting();
    const audit = await this.#hale.audit();
    const killed = audit.filter(({ action }) => action === "kill").length > kills;
    this.#say("down", judgeStop(result, { before, left, killed }));
    this.#leftOver("after down", left);
    const took = `${result.endedAt - result.startedAt} ms`;
    const how = killed ? "killed" : await this.#cleanInLog();
    this.result.down = `${result.code === 0 ? "" : `status ${result.code}, `}${how}, ${took}`;
    await this.#checkStatus("down", { answers: null });
  }

  async #readRecords(): Promise<void> {
    const living = new Set(this.#observer.alive().map(({ key }) => key));
    const { blindMs } = this.#observer;
    this.result.blindMs = blindMs;
    const seen = { processes: this.#service.seen, killed: this.#killed, living, blindMs };
    this.#say("events", judgeEvents(await this.#hale.events(), seen));
    this.#say("history", judgeHistory(await this.#hale.history(), seen));
  }

  /** Runs a command that starts the service, and probes it meanwhile. */
  #start(...args: string[]) {
    const probe = async () => {
      const leader = this.#service.leader();
      return leader !== null && await this.#doesItsWork(leader);
    };
    return probeWhile(probe, this.#hale.run(...args));
  }

  /** Waits until another launch than this one answers, and reads hale's words in the meantime. */
  async #back(step: string, gone: SeenProcess): Promise<SeenProcess | null> {
    const back = await waitFor(async () => {
      const status = await this.#checkStatus(step, { answers: null });
      const leader = this.#service.leader();
      if (leader === null && status?.state === "crashed") return "gave up";
      if (leader === null || leader.key === gone.key) return null;
      return await this.#doesItsWork(leader) ? leader : null;
    }, BACK_MS);
    return back === "gave up" ? null : back;
  }

  /** Whether the probe passes, and not because something of an earlier launch answers. */
  async #doesItsWork(leader: SeenProcess): Promise<boolean> {
    const listening = this.#service.alive().filter((it) => it.listening);
    const isItself = listening.length === 0 ||
      listening.some(({ launch }) => launch === null || launch === leader.key);
    return isItself && await this.#workshop.probe();
  }

  async #checkStatus(
    step: string,
    { answers, restarts = null }: { answers: boolean | null; restarts?: number | null },
  ): Promise<ServiceStatus | null> {
    const before = this.#service.alive();
    const askedAt = Date.now();
    const status = await this.#hale.status();
    const after = this.#service.alive();
    const during = this.#service.seen.filter(({ goneAt }) =>
      goneAt === null || goneAt >= askedAt - NOTICE_MS
    );
    const seen = { before, after, during, answers, restarts };
    if (status !== null) this.#say(step, judgeStatus(status, seen));
    return status;
  }

  async #answers(): Promise<boolean> {
    const probe = async () => await this.#workshop.probe() ? true : null;
    return await waitFor(probe, ANSWER_MS) !== null;
  }

  #around(): { alive: readonly SeenProcess[]; others: readonly SeenProcess[] } {
    const alive = this.#service.alive();
    const keys = new Set(alive.map(({ key }) => key));
    return { alive, others: this.#observer.alive().filter(({ key }) => !keys.has(key)) };
  }

  /** What still runs after the time that an end may take. */
  async #lasting(): Promise<readonly SeenProcess[]> {
    await waitFor(() => this.#observer.alive().length === 0 ? true : null, LEFT_MS);
    return this.#observer.alive({ isDeep: true });
  }

  async #cleanInLog(): Promise<string> {
    const { clean_stop } = this.#workshop.program;
    const text = await this.#log.news();
    if (clean_stop === null) return "its log says nothing";
    return clean_stop.test(text) ? "clean by its own log" : "NOT clean by its own log";
  }

  async #notBack(): Promise<string> {
    const status = await this.#hale.status();
    return `not back: hale says ${status?.state}, ${status?.reason?.message ?? "no reason"}`;
  }

  #restartsSeen(): number {
    return this.#service.launches.length - this.#launchesBefore - 1;
  }

  #kill(process: SeenProcess): void {
    if (process.key === process.launch) this.#killed.push(process.key);
    kill(process.pid, "SIGKILL");
  }

  #leftOver(step: string, processes: readonly SeenProcess[]): void {
    this.result.left.push(...processes.map((it) => ({ step, process: named(it) })));
  }

  /** Records untrue words, each once in a step. */
  #say(step: string, untrue: readonly Untrue[]): void {
    for (const word of untrue) {
      const isKnown = this.result.untrue.some((it) => it.step === step && it.saw === word.saw);
      if (!isKnown) this.result.untrue.push({ step, ...word });
    }
  }
}

function kill(pid: number, signal: Deno.Signal): void {
  try {
    Deno.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
