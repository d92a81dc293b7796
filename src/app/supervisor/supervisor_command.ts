import { fromFileUrl } from "../../platform/path.ts";

/** Set in the environment of a supervisor, which therefore never starts another one. */
export const SUPERVISOR_MARK = "HALE_SUPERVISOR";

/** A program and its arguments. */
export interface SupervisorCommand {
  readonly program: string;
  readonly args: readonly string[];
}

/**
 * Returns the command that starts a supervisor: the compiled program itself, or this source run by
 * Deno with the permissions in `deno.json`.
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
