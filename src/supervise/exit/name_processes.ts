import type { Survivor } from "../../spawn/end_leftovers.ts";

/** Returns processes in words, such as `sleep (pid 812), nginx (pid 813)`. */
export function nameProcesses(processes: readonly Survivor[]): string {
  return processes.map(({ pid, command }) => `${command} (pid ${pid})`).join(", ");
}
