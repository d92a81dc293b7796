import { fromFileUrl, resolve } from "@std/path";

const MAIN = fromFileUrl(new URL("../../main.ts", import.meta.url));
const CONFIG = fromFileUrl(new URL("../../deno.json", import.meta.url));

/**
 * The program and the arguments of a command line of hale: this source with the permissions of
 * `deno.json`, or the executable that `HALE_BIN` names.
 *
 * @param args What follows `hale`.
 * @returns What to run.
 */
export function haleCommand(args: readonly string[]): { program: string; args: string[] } {
  const binary = Deno.env.get("HALE_BIN");
  if (binary) return { program: resolve(binary), args: [...args] };
  const flags = ["run", "--quiet", "--permission-set", "--no-prompt", "--config", CONFIG, MAIN];
  return { program: Deno.execPath(), args: [...flags, ...args] };
}
