import { delay } from "@std/async/delay";
import type { Exit } from "../../model/service_state.ts";
import type { NamedProcess } from "../../model/survivor.ts";
import type { LaunchTrace } from "../../spawn/launch_trace.ts";
import type { Effects } from "../effects.ts";
import { launcherFailure } from "./launch_files.ts";
import type { FailedLauncher } from "../exit/failed_launcher.ts";
import { CLEAN, type Cleanup, endAll, type EndAllOptions, untilDone } from "./stop_until_empty.ts";

/** A program that exits later with 0 has not put itself into the background: that takes seconds. */
const BACKGROUND_WITHIN_MS = 30_000;

/** Helpers that exit with their parent, such as a `tee` that reads its output, are gone after this. */
const SETTLE_MS = 300;

/** A launch that exited by itself. */
export interface ExitedLaunch {
  readonly exit: Exit;
  readonly ranMs: number;
  readonly binary: string;
  readonly pidFile: string;
  readonly stopSignal: string;
}

/** Settings of {@linkcode clearLeftovers}. */
export interface ClearLeftoversOptions extends EndAllOptions {
  readonly effects: Pick<Effects, "endLeftovers" | "writersOf">;
  /** Called with what the launch left behind, before it is ended. */
  readonly onLeftovers: (leftovers: readonly NamedProcess[]) => void;
}

/** Result of {@linkcode clearLeftovers}. */
export interface ClearedLaunch {
  readonly cleanup: Cleanup;
  readonly failedLauncher: FailedLauncher | null;
  readonly background: readonly NamedProcess[];
}

/**
 * Ends what a launch left behind when it exited by itself, before the next launch begins. Usually nothing
 * is left, which one read of the process table shows.
 *
 * @param trace The launch.
 * @param launch How it exited.
 * @param options Effects and callbacks.
 * @returns What was found and what became of it. Never settles once `released` aborts.
 */
export async function clearLeftovers(
  trace: LaunchTrace,
  launch: ExitedLaunch,
  options: ClearLeftoversOptions,
): Promise<ClearedLaunch> {
  const { exit, ranMs, binary, pidFile, stopSignal } = launch;
  const { effects, released } = options;
  const nothing = { cleanup: CLEAN, failedLauncher: null, background: [] };
  const failure = launcherFailure(pidFile, exit);
  if (failure !== null) {
    const writers = failure.busy ? await writersOf(binary, effects) : null;
    return { ...nothing, failedLauncher: { status: failure.status, writers } };
  }
  const find = () =>
    untilDone(options, async () => {
      const { group, outside } = await trace.find();
      return [...group, ...outside].map(({ pid, command }) => ({ pid, command }));
    });
  let leftovers = await find();
  const mayBeDaemon = exit.exit_code === 0 && ranMs < BACKGROUND_WITHIN_MS;
  if (leftovers.length > 0 && mayBeDaemon) {
    await delay(SETTLE_MS, { signal: released }).catch(() => {});
    leftovers = await find();
  }
  if (leftovers.length === 0) return nothing;
  options.onLeftovers(leftovers);
  const cleanup = await endAll(trace, stopSignal, options);
  return { cleanup, failedLauncher: null, background: mayBeDaemon ? leftovers : [] };
}

async function writersOf(
  binary: string,
  effects: Pick<Effects, "writersOf">,
): Promise<readonly NamedProcess[]> {
  try {
    return (await effects.writersOf(Deno.realPathSync(binary))).map(({ pid, command }) => ({
      pid,
      command,
    }));
  } catch {
    // Only the names are missing.
    return [];
  }
}
