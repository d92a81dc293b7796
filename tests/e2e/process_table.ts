/**
 * Finds the processes that a test has started, also those with another parent now.
 *
 * @module
 */

import { basename } from "@std/path";
import { type OpenedPlaces, openedPlaces } from "../fixtures/opened_places.ts";

/** A running process. */
export interface FoundProcess {
  readonly pid: number;
  /** Its arguments, joined by spaces. */
  readonly command: string;
  /** The service to which it belongs; null for processes of hale. */
  readonly service: string | null;
  /** Whether it leads a process group. Launches do, their children do not. */
  readonly leads: boolean;
}

/**
 * Finds the processes with a mark in their environment, their arguments or the path of their working
 * folder. Zombies have none of these.
 *
 * @param mark A word that is unique on the machine.
 * @returns The processes. Those that exit meanwhile may be missing.
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
      // pid (name) state parent group ...; the name may contain any character (proc(5)).
      const stat = Deno.readTextFileSync(`/proc/${name}/stat`);
      const group = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2];
      found.push({ pid: Number(name), command, service, leads: group === name });
    } catch {
      // It has exited, or belongs to another user.
    }
  }
  return found;
}

/** On macOS: environments as far as the system shows them, working folders, and open pid files. */
async function askPs(mark: string): Promise<FoundProcess[]> {
  const [marked, plain, places] = await Promise.all([ps("-E"), ps(), openedPlaces()]);
  return parsePsOfMac(mark, { plain, marked, places });
}

/**
 * Finds the processes with a mark in the output of `ps` on macOS.
 *
 * @param mark The mark.
 * @param outputs Output of `ps` without and with environments, and where the processes are.
 * @returns The processes, without `ps` itself.
 */
export function parsePsOfMac(
  mark: string,
  outputs: {
    readonly plain: string;
    readonly marked: string;
    readonly places: readonly OpenedPlaces[];
  },
): FoundProcess[] {
  const commands = new Map(parsePs(outputs.plain).map(({ pid, command }) => [pid, command]));
  const places = new Map(outputs.places.map((place) => [place.pid, place]));
  return parsePs(outputs.marked).flatMap(({ pid, group, command }) => {
    const { folder = "", pidFile = "" } = places.get(pid) ?? {};
    const isMarked = [command, folder, pidFile].some((text) => text.includes(mark));
    if (!isMarked || basename(command.split(" ")[0]!) === "ps") return [];
    const service = / HALE_SERVICE=(\S*)/.exec(command)?.[1] ??
      /\/services\/([^/]+)\/launches\//.exec(pidFile)?.[1] ?? null;
    return [{ pid, command: commands.get(pid) ?? command, service, leads: pid === group }];
  });
}

async function ps(...flags: string[]): Promise<string> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-A", ...flags, "-ww", "-o", "pid=,pgid=,command="],
  }).output();
  return new TextDecoder().decode(stdout);
}

function parsePs(text: string): { pid: number; group: number; command: string }[] {
  return text.split("\n").flatMap((line) => {
    const [, pid, group, command] = /^\s*([0-9]+)\s+([0-9]+)\s+(.*)$/.exec(line) ?? [];
    if (command === undefined) return [];
    return [{ pid: Number(pid), group: Number(group), command }];
  });
}
