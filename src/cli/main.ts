/**
 * The entry point of the command line: from arguments to an exit status.
 *
 * @module
 */

import { EXIT_STATUS, HaleError, messageOf } from "../errors.ts";
import { TERMINATION_SIGNALS } from "../platform/termination_signals.ts";
import { COMMANDS } from "./registry.ts";
import type { Command, CommonFlags } from "./command.ts";
import { Output } from "./output/output.ts";
import { parseCommandLine } from "./args/parse.ts";
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
  const signal = abortOnTermination();
  try {
    if (request instanceof HaleError) throw request;
    const { run } = await request.command.load();
    const status = await run({ ...request, commands, common, output, signal });
    if (!signal.aborted) return status;
    const isRegular = request.command.endsOnSigterm && signal.reason.fields.signal === "SIGTERM";
    return isRegular ? status : EXIT_STATUS.interrupted;
  } catch (error) {
    return exitStatusOf(error, { common, output, signal });
  }
}

/** Aborts on the first termination signal. The second one has its default effect: it kills hale. */
function abortOnTermination(): AbortSignal {
  const controller = new AbortController();
  const listeners = TERMINATION_SIGNALS.map((name) => ({ name, listen: () => interrupt(name) }));
  const interrupt = (signal: Deno.Signal) => {
    for (const { name, listen } of listeners) Deno.removeSignalListener(name, listen);
    controller.abort(new HaleError("interrupted", "Interrupted.", { fields: { signal } }));
  };
  for (const { name, listen } of listeners) Deno.addSignalListener(name, listen);
  return controller.signal;
}

interface ErrorContext {
  readonly common: CommonFlags;
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** Reports the error of a command and returns its exit status. No other code does either. */
function exitStatusOf(error: unknown, { common, output, signal }: ErrorContext): number {
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
  if (signal.aborted) return EXIT_STATUS.interrupted;
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
