/**
 * Proposes the first service of a folder.
 *
 * @module
 */

import { endingFile } from "../../files/regular_file.ts";
import { join } from "../../platform/path.ts";

/** A command for a first service. */
export interface FirstService {
  readonly command: string;
  readonly args: readonly string[];
  /** The file that names the command; null if nothing does, and the command is only an example. */
  readonly found: string | null;
}

/** Programs that are named by what they are, and what runs them. */
const SERVERS: readonly { readonly file: string; readonly command: string }[] = [
  { file: "server.js", command: "node" },
  { file: "server.mjs", command: "node" },
  { file: "server.py", command: "python3" },
];

/**
 * Proposes the first service of a folder: the start script of a `package.json`, a file that is named
 * `server`, or else an example.
 *
 * @param folder Absolute path.
 * @returns The command. Nothing else is guessed: no port, no health check.
 */
export function firstService(folder: string): FirstService {
  const script = startScript(join(folder, "package.json"));
  if (script !== null) {
    // npm starts a shell, which starts the program: what is only `node FILE` needs neither.
    const [command, ...args] = /^node( [\w@%+=:,./-]+)+$/.test(script)
      ? script.split(" ") as [string, ...string[]]
      : ["npm", "start"] as const;
    return { command, args, found: "package.json" };
  }
  const server = SERVERS.find(({ file }) => isFile(join(folder, file)));
  if (server !== undefined) {
    return { command: server.command, args: [server.file], found: server.file };
  }
  return { command: "node", args: ["server.js"], found: null };
}

/** Null if there is none, or the file is not what npm reads. */
function startScript(path: string): string | null {
  try {
    const start: unknown = JSON.parse(Deno.readTextFileSync(endingFile(path)))?.scripts?.start;
    return typeof start === "string" && start.trim() !== "" ? start.trim() : null;
  } catch {
    return null;
  }
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
