import type { SeenProcess } from "./observer.ts";
import type { CommandResult } from "./run_command.ts";
import { named, type Untrue } from "./untrue.ts";

/** What the advice for a program that put itself into the background has to name. */
const ADVICE = /background|foreground|daemon/i;

/** What answers for so long is ready, in milliseconds. */
const SURELY_READY_MS = 3_000;

/**
 * Compares what `hale up` or `hale restart` said with what was seen after it.
 *
 * @param result The command.
 * @param seen `alive`: the processes of the service afterwards; `others`: those of the other services;
 * `answers`: whether the probe passed then;
 * `answeredMs`: how long it passed during the command; `daemonizes`: whether the program puts itself
 * into the background.
 * @returns The untrue words.
 */
export function judgeStart(
  result: CommandResult,
  seen: {
    readonly alive: readonly SeenProcess[];
    readonly others: readonly SeenProcess[];
    readonly answers: boolean;
    readonly answeredMs: number;
    readonly daemonizes: boolean;
  },
): Untrue[] {
  const text = wordsOf(result);
  const leader = seen.alive.findLast(({ key, launch }) => key === launch);
  const untrue: string[] = [];
  if (result.code === null) untrue.push("it did not end in time");
  if (result.code === 0) {
    if (leader === undefined) untrue.push("the process that was launched has ended");
    else if (!seen.answers) untrue.push("it does not answer");
    for (const pid of pidsIn(text)) {
      const isThere = [...seen.alive, ...seen.others].some((process) => process.pid === pid);
      if (!isThere) untrue.push(`no process ${pid}`);
    }
  } else if (seen.daemonizes) {
    if (!ADVICE.test(text)) untrue.push("not said that it put itself into the background");
  } else if (leader !== undefined && seen.answers) {
    untrue.push(`${named(leader)} runs and answers`);
  } else if (seen.answeredMs > SURELY_READY_MS) {
    untrue.push(`it answered for ${Math.round(seen.answeredMs)} ms in the meantime`);
  }
  return untrue.map((saw) => ({ said: quote(result, text), saw }));
}

/**
 * Compares what `hale down` said with what was seen after it.
 *
 * @param result The command.
 * @param seen `before`: the processes before; `left`: those that are left; `killed`: whether hale
 * has recorded that it killed the service.
 * @returns The untrue words.
 */
export function judgeStop(
  result: CommandResult,
  seen: { before: readonly SeenProcess[]; left: readonly SeenProcess[]; killed: boolean },
): Untrue[] {
  const text = wordsOf(result);
  const untrue: string[] = [];
  const unnamed = seen.left.filter(({ pid }) => !pidsIn(text).includes(pid));
  if (result.code === null) untrue.push("it did not end in time");
  if (unnamed.length > 0) untrue.push(`still there: ${unnamed.map(named).join(", ")}`);
  else if (result.code === 0 && seen.left.length > 0) untrue.push("left processes need status 1");
  if (result.code !== 0 && seen.left.length === 0) untrue.push("nothing is left");
  if (seen.killed && !/kill/i.test(text)) untrue.push("hale killed it, by its own audit log");
  const saysNothingRan = /not running|no service was running/.test(text);
  if (saysNothingRan && seen.before.length > 0 && unnamed.length === 0) {
    untrue.push(`there was: ${seen.before.map(named).join(", ")}`);
  }
  return untrue.map((saw) => ({ said: quote(result, text), saw }));
}

function wordsOf({ stdout, stderr }: CommandResult): string {
  return `${stderr.trim()}\n${stdout.trim()}`.trim();
}

function quote({ line, code }: CommandResult, text: string): string {
  return `${line} (status ${code}): ${text.replaceAll(/\s*\n\s*/g, " / ")}`;
}

function pidsIn(text: string): number[] {
  return [...text.matchAll(/\bpid (\d+)/g)].map(([, pid]) => Number(pid));
}
