/**
 * The programs that transcripts can name: `hale`, and a server for services that are to answer.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";
import { haleCommand } from "../hale_command.ts";

const HTTP_SERVICE = fromFileUrl(new URL("../http_service.ts", import.meta.url));

/**
 * Writes them into a folder.
 *
 * @param folder Where; it is made where it is not there.
 */
export async function writePrograms(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const { program, args } = haleCommand([]);
  const flags = ["run", "--quiet", "--no-config", "--allow-net", HTTP_SERVICE];
  await writeProgram(join(folder, "hale"), [program, ...args]);
  await writeProgram(join(folder, "http-server"), [Deno.execPath(), ...flags]);
}

async function writeProgram(path: string, command: readonly string[]): Promise<void> {
  const words = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  await Deno.writeTextFile(path, `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
}
