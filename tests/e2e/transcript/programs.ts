/**
 * The programs for transcripts: `hale`, an HTTP server for services, and `setsid`, which macOS lacks.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";
import { haleCommand } from "../hale_command.ts";

const HTTP_SERVICE = fromFileUrl(new URL("../http_service.ts", import.meta.url));

/**
 * Writes the programs into a folder.
 *
 * @param folder The folder. Created if it is missing.
 */
export async function writePrograms(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const { program, args } = haleCommand([]);
  const flags = ["run", "--quiet", "--no-config", "--allow-net", HTTP_SERVICE];
  await writeProgram(join(folder, "hale"), [program, ...args]);
  await writeProgram(join(folder, "http-server"), [Deno.execPath(), ...flags]);
  if (Deno.build.os !== "darwin") return;
  const setsid = "use POSIX; POSIX::setsid(); exec @ARGV";
  await writeProgram(join(folder, "setsid"), ["/usr/bin/perl", "-e", setsid]);
}

async function writeProgram(path: string, command: readonly string[]): Promise<void> {
  const words = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  await Deno.writeTextFile(path, `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
}
