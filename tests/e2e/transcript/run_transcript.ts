/**
 * Runs a transcript: writes its files, types its commands, and compares what they print.
 *
 * @module
 */

import { dirname, join } from "@std/path";
import { until } from "../../fixtures/until.ts";
import type { CommandRun } from "../command_run.ts";
import type { Hale } from "../hale.ts";
import {
  describeDifference,
  expectsJson,
  matchStep,
  reviseStep,
  type StepResult,
} from "./expectation.ts";
import type { FileBlock, Step, Transcript } from "./parse_transcript.ts";
import type { Bindings } from "./placeholders.ts";
import { substitute } from "./placeholders.ts";
import { prepareWorld, type World } from "./world.ts";

/** How long a step is retried, and how long the output of a job is waited for. */
const DEADLINE_MS = 30_000;
/** The same where the expectations are rewritten: what does not match then never will. */
const UPDATE_DEADLINE_MS = 5_000;

/** New lines for the expectation of a step. */
export interface Revision {
  readonly step: Step;
  readonly lines: readonly string[];
}

/** Options of {@linkcode runTranscript}. */
export interface RunOptions {
  /** Whether a step that differs gets a new expectation and fails nothing. @default false */
  readonly update?: boolean;
}

/**
 * Runs a transcript.
 *
 * @param transcript What to run.
 * @param hale The folder and the home to run it in.
 * @returns The expectations that do not hold any more; empty without `update`.
 * @throws {Error} If a step differs from its expectation; the message shows the lines.
 */
export async function runTranscript(
  transcript: Transcript,
  hale: Hale,
  { update = false }: RunOptions = {},
): Promise<Revision[]> {
  await using world = await prepareWorld(transcript, hale);
  const run = new Run(transcript.path, world, { hale, update });
  for (const part of transcript.parts) {
    await (part.kind === "file" ? run.write(part) : run.type(part));
  }
  return run.revisions;
}

/** A command that goes on while other steps run. */
interface Job {
  readonly run: CommandRun;
  readonly command: string;
  /** How much of its output was compared. */
  compared: number;
}

class Run {
  readonly revisions: Revision[] = [];
  readonly #path: string;
  readonly #hale: Hale;
  readonly #update: boolean;
  readonly #jobs: Job[] = [];
  #bindings: Bindings;

  constructor(path: string, world: World, { hale, update }: { hale: Hale; update: boolean }) {
    this.#path = path;
    this.#hale = hale;
    this.#update = update;
    this.#bindings = world.bindings;
  }

  async write({ path, text, line }: FileBlock): Promise<void> {
    const file = join(this.#hale.folder, path);
    await Deno.mkdir(dirname(file), { recursive: true });
    await Deno.writeTextFile(file, this.#substitute(text, line));
  }

  async type(step: Step): Promise<void> {
    const command = this.#substitute(step.command, step.line);
    const words = command.split(/\s+/);
    if (step.isJob) return await this.#start(step, command);
    const [program, ...args] = words;
    switch (program) {
      case "output":
      case "wait": {
        const job = this.#job(args[0], step);
        // What is printed is that of the job: JSON, where it was asked for that.
        const printed = { ...step, command: job.command };
        if (program === "wait") return await this.#wait(printed, job);
        return await this.#compareOutput(printed, job);
      }
      case "kill":
        return this.#settle(step, await this.#kill(args, step));
    }
    const once = program === "processes"
      ? () => this.#processes(args[0]!)
      : () => this.#runOnce(step, command);
    if (!step.isRetried) return this.#settle(step, await once());
    const end = performance.now() + this.#deadlineMs;
    for (;;) {
      const result = await once();
      const isOver = performance.now() > end;
      if (isOver || matchStep(step, result, this.#bindings)) return this.#settle(step, result);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  get #deadlineMs(): number {
    return this.#update ? UPDATE_DEADLINE_MS : DEADLINE_MS;
  }

  #substitute(text: string, line: number): string {
    try {
      return substitute(text, this.#bindings);
    } catch (error) {
      throw new Error(`${this.#path}:${line}: ${(error as Error).message}`);
    }
  }

  /** Takes the values over from what came, or says how it differs. */
  #settle(step: Step, result: StepResult, note = ""): void {
    let bindings = matchStep(step, result, this.#bindings);
    if (bindings === null && this.#update) {
      const { expected, code } = reviseStep(step, result, this.#bindings);
      bindings = matchStep({ ...step, expected, code }, result, this.#bindings);
      const lines = code === 0 ? expected : [...expected, `[exit ${code}]`];
      if (bindings !== null) this.revisions.push({ step, lines });
    }
    if (bindings === null) {
      const difference = describeDifference(step, result, this.#bindings);
      throw new Error(
        `${this.#path}:${step.line}: "${step.command}" did not do what the transcript says ` +
          `(- expected, + actual)${note}:\n${difference}`,
      );
    }
    this.#bindings = bindings;
  }

  async #runOnce(step: Step, command: string): Promise<StepResult> {
    if (!expectsJson(step)) {
      const run = this.#hale.startShell(`exec 2>&1\n${command}`);
      const { stdout, code } = await run.result;
      return { output: stdout, code };
    }
    const { stdout, stderr, code } = await this.#hale.startShell(command).result;
    return { output: stdout === "" ? stderr : stdout, code };
  }

  async #start(step: Step, command: string): Promise<void> {
    // One process from beginning to end: it gets the signals itself.
    const run = this.#hale.startShell(`exec 2>&1\nexec env ${command}`);
    const job = { run, command: step.command, compared: 0 };
    this.#jobs.push(job);
    this.#bindings = new Map([...this.#bindings, ["JOB_PID", String(run.pid)]]);
    await this.#compareOutput(step, job);
  }

  /** Waits until what a job has printed since is as expected. */
  async #compareOutput(step: Step, job: Job): Promise<void> {
    const output = () => {
      const text = job.run.stdout.slice(job.compared);
      return text.slice(0, text.lastIndexOf("\n") + 1);
    };
    const isAsExpected = () =>
      matchStep(step, { output: output(), code: 0 }, this.#bindings) !== null;
    let note = "";
    await until(isAsExpected, this.#deadlineMs).catch(() => {
      note = ", and nothing else was printed in time";
    });
    const printed = output();
    job.compared += printed.length;
    this.#settle(step, { output: printed, code: 0 }, note);
  }

  async #wait(step: Step, job: Job): Promise<void> {
    const { stdout, code } = await job.run.result;
    this.#settle(step, { output: stdout.slice(job.compared), code });
  }

  #job(name: string | undefined, { line }: Step): Job {
    const job = this.#jobs[Number(/^%(\d+)$/.exec(name ?? "")?.[1]) - 1];
    if (job !== undefined) return job;
    throw new Error(`${this.#path}:${line}: There is no job ${name}: the first one is %1.`);
  }

  /** As the shell's, but back only when what was killed is gone. */
  async #kill([flag, target]: string[], step: Step): Promise<StepResult> {
    const signal = `SIG${flag!.slice(1).replace(/^9$/, "KILL")}` as Deno.Signal;
    const isJob = target!.startsWith("%");
    const pid = isJob ? this.#job(target, step).run.pid : Number(target);
    Deno.kill(pid, signal);
    if (signal === "SIGKILL") await until(async () => !await this.#hale.isRunning(pid));
    return { output: "", code: 0 };
  }

  /** The processes of a service by the process table, not by what hale says. */
  async #processes(service: string): Promise<StepResult> {
    const found = await this.#hale.processesOf(service);
    const lines = found.toSorted((one, other) => one.pid - other.pid)
      .map(({ pid, command }) => `${pid} ${command.replace(/^\S*\//, "")}\n`);
    return { output: lines.join(""), code: 0 };
  }
}

/**
 * Puts new expectations into the text of a transcript.
 *
 * @param source The text that was parsed.
 * @param revisions What {@linkcode runTranscript} gave.
 */
export function applyRevisions(source: string, revisions: readonly Revision[]): string {
  const lines = source.split("\n");
  const fromBelow = revisions.toSorted((one, other) => other.step.range[0] - one.step.range[0]);
  for (const { step: { range: [from, to] }, lines: revised } of fromBelow) {
    // Empty lines at the end of an expectation only set it apart.
    let end = to;
    while (end > from && lines[end - 1] === "") end--;
    lines.splice(from, end - from, ...revised);
  }
  return lines.join("\n");
}
