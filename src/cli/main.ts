/**
 * The entry point of the command line: from arguments to an exit status.
 *
 * @module
 */

import { EXIT_STATUS, HaleError, messageOf } from "../errors.ts";
import { shortage } from "../files/io_error.ts";
import { COMMANDS } from "./registry.ts";
import type { Command, CommonFlags, Invocation } from "./command.ts";
import { Interruption } from "./interruption.ts";
import { Output } from "./output/output.ts";
import { type CommandLine, parseCommandLine } from "./args/parse.ts";
import { ReaderGone } from "./output/text_stream.ts";

/**
 * Runs one command and reports its error, if any.
 *
 * @param args The arguments of the process.
 * @param commands All commands. @default COMMANDS
 * @returns The exit status. All output is written by then; nothing is thrown.
 */
export async function main(
  args: readonly string[],
  commands: readonly Command[] = COMMANDS,
): Promise<number> {
  const { common, request } = await parseCommandLine(args, commands);
  const output = new Output(common);
  using interruption = new Interruption();
  return await Promise.race([
    runCommand(request, { common, commands, output, interruption }),
    interruption.ended.then(() => endAtOnce(output)),
  ]);
}

/** After an interruption, what a reader has not taken within this time is lost, in milliseconds. */
const UNREAD_MS = 100;

async function runCommand(
  request: CommandLine["request"],
  context: Pick<Invocation, "common" | "commands" | "output" | "interruption">,
): Promise<number> {
  const { signal } = context.interruption;
  try {
    if (request instanceof HaleError) throw request;
    const { run } = await request.command.load();
    const status = await run({ ...request, ...context, signal });
    await context.output.drained(signal);
    if (!signal.aborted) return status;
    const isRegular = request.command.endsOnSigterm && signal.reason.fields.signal === "SIGTERM";
    return isRegular ? status : EXIT_STATUS.interrupted;
  } catch (error) {
    return exitStatusOf(error, { ...context, signal });
  } finally {
    await flush(context.output, signal);
  }
}

/** Waits for the reader of a pipe, after an interruption only briefly. */
async function flush(output: Output, interruption: AbortSignal): Promise<void> {
  const end = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const endSoon = () => timer = setTimeout(() => end.abort(), UNREAD_MS);
  if (interruption.aborted) endSoon();
  else interruption.addEventListener("abort", endSoon);
  await output.flushed(end.signal);
  interruption.removeEventListener("abort", endSoon);
  clearTimeout(timer);
}

/** Reports that the command ends although it is not done. The program exits with what this returns. */
async function endAtOnce(output: Output): Promise<number> {
  output.warn(
    "Interrupted: this command ended before it was done. `hale status` shows what is running.",
  );
  await flush(output, AbortSignal.abort());
  return EXIT_STATUS.interrupted;
}

interface ErrorContext {
  readonly common: CommonFlags;
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** Reports the error of a command and returns its exit status. No other code does either. */
function exitStatusOf(thrown: unknown, { common, output, signal }: ErrorContext): number {
  const error = thrown instanceof HaleError ? thrown : shortage(thrown) ?? thrown;
  // `hale logs api | head`: the reader closed the pipe on purpose.
  if (error instanceof ReaderGone) return 0;
  if (signal.aborted && isInterruption(error)) return EXIT_STATUS.interrupted;
  const known = error instanceof HaleError;
  const message = known
    ? error.message
    : `${messageOf(error)}\nThis is a bug in hale. Please report it with the output of the same ` +
      "command with -v.";
  output.error(message);
  if (!known || error.cause !== undefined) output.detail(causesOf(error));
  if (common.json) {
    writeJsonError(output, known ? error.toJSON() : { code: "bug", message, fields: {} });
  }
  // Processes that outlive an interruption are not what it promises.
  const isLeft = known && error.code === "survivors_left";
  if (signal.aborted && !isLeft) return EXIT_STATUS.interrupted;
  return known ? error.exitStatus : 1;
}

function isInterruption(error: unknown): boolean {
  return error instanceof HaleError
    ? error.code === "interrupted"
    : error instanceof DOMException && error.name === "AbortError";
}

function causesOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error instanceof HaleError ? [] : [error.stack ?? error.message];
  const cause = error.cause === undefined ? [] : [`caused by: ${causesOf(error.cause)}`];
  return [...own, ...cause].join("\n");
}

function writeJsonError(output: Output, error: unknown): void {
  try {
    output.jsonLine({ error });
  } catch {
    // Standard output is what failed; the message is on standard error already.
  }
}
