/**
 * Runs a transcript: writes its files, runs its commands, and compares their output.
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

/** Deadline of a retried step, and of waiting for the output of a job. */
const DEADLINE_MS = 30_000;
/** Deadline with `update`: an outdated expectation never matches. */
const UPDATE_DEADLINE_MS = 5_000;

/** New lines for the expectation of a step. */
export interface Revision {
  readonly step: Step;
  readonly lines: readonly string[];
}

/** Options of {@linkcode runTranscript}. */
export interface RunOptions {
  /** Whether a step that differs gets a new expectation instead of failing. @default false */
  readonly update?: boolean;
}

/**
 * Runs a transcript.
 *
 * @param transcript The transcript.
 * @param hale Its folder and home.
 * @returns The new expectations; empty without `update`.
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

/** A command that keeps running during the next steps. */
interface Job {
  readonly run: CommandRun;
  readonly command: string;
  /** Length of its output that was compared. */
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
        // The output is that of the job, which may be JSON.
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

  /** Adopts the values of the actual output, or throws with the differences. */
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
    // `exec`, so that the command itself gets the signals.
    const run = this.#hale.startShell(`exec 2>&1\nexec env ${command}`);
    const job = { run, command: step.command, compared: 0 };
    this.#jobs.push(job);
    this.#bindings = new Map([...this.#bindings, ["JOB_PID", String(run.pid)]]);
    await this.#compareOutput(step, job);
  }

  /** Waits until the new output of a job matches. */
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

  /** Like `kill` of the shell, but after SIGKILL it waits for the end of the process. */
  async #kill([flag, target]: string[], step: Step): Promise<StepResult> {
    const signal = `SIG${flag!.slice(1).replace(/^9$/, "KILL")}` as Deno.Signal;
    const isJob = target!.startsWith("%");
    const pid = isJob ? this.#job(target, step).run.pid : Number(target);
    Deno.kill(pid, signal);
    if (signal === "SIGKILL") await until(async () => !await this.#hale.isRunning(pid));
    return { output: "", code: 0 };
  }

  /** Lists the processes of a service from the process table. */
  async #processes(service: string): Promise<StepResult> {
    const found = await this.#hale.processesOf(service);
    const lines = found.toSorted((one, other) => one.pid - other.pid)
      .map(({ pid, command }) => `${pid} ${command.replace(/^\S*\//, "")}\n`);
    return { output: lines.join(""), code: 0 };
  }
}

/**
 * Writes new expectations into the text of a transcript.
 *
 * @param source The text that was parsed.
 * @param revisions Result of {@linkcode runTranscript}.
 */
export function applyRevisions(source: string, revisions: readonly Revision[]): string {
  const lines = source.split("\n");
  const fromBelow = revisions.toSorted((one, other) => other.step.range[0] - one.step.range[0]);
  for (const { step: { range: [from, to] }, lines: revised } of fromBelow) {
    // Empty lines at the end of an expectation are separators.
    let end = to;
    while (end > from && lines[end - 1] === "") end--;
    lines.splice(from, end - from, ...revised);
  }
  return lines.join("\n");
}
