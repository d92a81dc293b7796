import type { SeenProcess } from "./observer.ts";

/** A word of hale that was not true. */
export interface Untrue {
  /** What hale said, quoted. */
  readonly said: string;
  /** What was seen. */
  readonly saw: string;
}

/** Characters of a command line that are shown. */
const SHOWN = 60;

/** Names a process for people: its pid and its command. */
export function named({ pid, command }: Pick<SeenProcess, "pid" | "command">): string {
  return `${pid} ${command.length > SHOWN ? `${command.slice(0, SHOWN)}…` : command}`;
}
