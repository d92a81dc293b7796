import { runBriefly } from "./run_briefly.ts";

/** Settings of {@linkcode runStopCommand}. */
export interface StopCommandOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** After this long the command is killed, in milliseconds. */
  readonly timeoutMs: number;
  /** Kills the command; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a service's stop command. Its output is discarded: only the exit of the service counts.
 *
 * @param command The program and its arguments.
 * @param options Working folder, environment and time limit.
 * @returns Whether the command exited with 0 in time.
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
