import { runBriefly } from "../platform/run_briefly.ts";

/** Settings of {@linkcode runStopCommand}. */
export interface StopCommandOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** A command that takes longer is killed, in milliseconds. */
  readonly timeoutMs: number;
  /** Kills it early; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Runs the command by which a service wants to be asked to end.
 *
 * @param command The program and its arguments.
 * @param options Where, and for how long.
 * @returns Whether it ended with 0 in time. What it says goes nowhere: the end of the service is the
 * answer that counts.
 */
export async function runStopCommand(
  command: readonly string[],
  options: StopCommandOptions,
): Promise<boolean> {
  try {
    return (await runBriefly(command, options))?.success ?? false;
  } catch {
    options.signal?.throwIfAborted();
    return false;
  }
}
