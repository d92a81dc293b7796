import { fromFileUrl } from "../../platform/path.ts";

/** Set for a supervisor's own process: it never starts another, so nothing starts itself for ever. */
export const SUPERVISOR_MARK = "HALE_SUPERVISOR";

/** A program and its arguments. */
export interface SupervisorCommand {
  readonly program: string;
  readonly args: readonly string[];
}

/**
 * How to start a supervisor with the executable that runs now: the compiled program is its own
 * supervisor; otherwise it is this source under the Deno that runs it, with the permissions of
 * `deno.json` and no others.
 *
 * @param home Absolute path of the home.
 * @returns The command.
 */
export function supervisorCommand(home: string): SupervisorCommand {
  const args = ["supervise", "--home", home];
  if (Deno.build.standalone) return { program: Deno.execPath(), args };
  const source = (path: string) => fromFileUrl(new URL(`../../../${path}`, import.meta.url));
  return {
    program: Deno.execPath(),
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--permission-set",
      "--config",
      source("deno.json"),
      source("main.ts"),
      ...args,
    ],
  };
}
