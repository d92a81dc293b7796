import { fromFileUrl, resolve } from "@std/path";

const MAIN = fromFileUrl(new URL("../../main.ts", import.meta.url));
const CONFIG = fromFileUrl(new URL("../../deno.json", import.meta.url));

/**
 * Returns the program and the arguments for a command line of hale: the source with the permissions of
 * `deno.json`, or the executable of `HALE_BIN`.
 *
 * @param args The arguments of `hale`.
 * @returns Program and arguments.
 */
export function haleCommand(args: readonly string[]): { program: string; args: string[] } {
  const binary = Deno.env.get("HALE_BIN");
  if (binary) return { program: resolve(binary), args: [...args] };
  const flags = ["run", "--quiet", "--permission-set", "--no-prompt", "--config", CONFIG, MAIN];
  return { program: Deno.execPath(), args: [...flags, ...args] };
}
