/**
 * Which processes a test has started, whoever their parents are by now.
 *
 * @module
 */

import { basename } from "@std/path";

/** A process that runs now. */
export interface FoundProcess {
  readonly pid: number;
  /** Its arguments, joined by spaces. */
  readonly command: string;
  /** The service that it belongs to; null for hale's own processes. */
  readonly service: string | null;
  /** Whether it leads a process group, as what hale launches does and what that starts does not. */
  readonly leads: boolean;
}

/**
 * Looks for the processes that a mark leads to: it stands in their environment, in their arguments
 * or in the path of their working folder. Zombies have none of these.
 *
 * @param mark A word that nothing else on the machine has.
 * @returns The processes; those that end during the look are left out.
 */
export async function processesWith(mark: string): Promise<FoundProcess[]> {
  return Deno.build.os === "linux" ? lookIntoProc(mark) : await askPs(mark);
}

function lookIntoProc(mark: string): FoundProcess[] {
  const found: FoundProcess[] = [];
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^[0-9]+$/.test(name) || Number(name) === Deno.pid) continue;
    try {
      const environment = Deno.readTextFileSync(`/proc/${name}/environ`);
      const command = Deno.readTextFileSync(`/proc/${name}/cmdline`).replaceAll("\0", " ").trim();
      const folder = Deno.readLinkSync(`/proc/${name}/cwd`);
      if (![environment, command, folder].some((text) => text.includes(mark))) continue;
      const service = /(?:^|\0)HALE_SERVICE=([^\0]*)/.exec(environment)?.[1] ?? null;
      // pid (name) state parent group ...; the name may hold anything (proc(5)).
      const stat = Deno.readTextFileSync(`/proc/${name}/stat`);
      const group = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2];
      found.push({ pid: Number(name), command, service, leads: group === name });
    } catch {
      // It has ended, or is another user's.
    }
  }
  return found;
}

/** The environment stands behind the arguments, as far as the system shows it. */
async function askPs(mark: string): Promise<FoundProcess[]> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-A", "-E", "-ww", "-o", "pid=,pgid=,command="],
  }).output();
  const lines = new TextDecoder().decode(stdout).split("\n");
  return lines.flatMap((line) => {
    const [, pid, group, command] = /^\s*([0-9]+)\s+([0-9]+)\s+(.*)$/.exec(line) ?? [];
    if (pid === undefined || command === undefined || !command.includes(mark)) return [];
    const service = / HALE_SERVICE=(\S*)/.exec(command)?.[1] ?? null;
    if (basename(command.split(" ")[0]!) === "ps") return [];
    return [{ pid: Number(pid), command, service, leads: pid === group }];
  });
}
