import { HaleError } from "../../src/errors.ts";

/**
 * Runs a Deno to its end.
 *
 * @param deno Path of the Deno.
 * @param args Its arguments.
 * @param options `cwd`: where it runs; `doing`: what it is to do, for the error.
 * @throws {HaleError} `spawn_failed` If it does not succeed; what it said is part of the message.
 */
export async function runDeno(
  deno: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly doing: string },
): Promise<void> {
  const { code, stdout, stderr } = await new Deno.Command(deno, {
    args: [...args],
    cwd: options.cwd,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  if (code === 0) return;
  const said = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes).trim());
  throw new HaleError(
    "spawn_failed",
    `Could not ${options.doing}: ${deno} ended with ${code}.\n${said.filter(Boolean).join("\n")}`,
    { fields: { deno, code } },
  );
}
