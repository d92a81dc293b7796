import { HaleError } from "../../src/errors.ts";

/**
 * Runs a Deno and waits until it exits.
 *
 * @param deno Path of the Deno.
 * @param args Its arguments.
 * @param options `cwd`: working directory; `doing`: the action, for the error.
 * @throws {HaleError} `spawn_failed` If it fails. The message contains its output.
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
  const output = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes).trim());
  throw new HaleError(
    "spawn_failed",
    `Could not ${options.doing}: ${deno} exited with ${code}.\n${
      output.filter(Boolean).join("\n")
    }`,
    { fields: { deno, code } },
  );
}
