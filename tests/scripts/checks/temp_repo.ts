import { dirname, fromFileUrl, join } from "@std/path";
import { TempFolder } from "../../fixtures/temp_folder.ts";

/** The folder of this repository. */
export const REPO = fromFileUrl(new URL("../../..", import.meta.url));

/** A folder with a `deno.json` and the files, by their path with slashes. */
export async function tempRepo(files: Readonly<Record<string, string>>): Promise<TempFolder> {
  const folder = new TempFolder();
  for (const [file, text] of Object.entries({ "deno.json": "{}", ...files })) {
    await Deno.mkdir(dirname(folder.join(file)), { recursive: true });
    folder.write(file, text);
  }
  return folder;
}

/**
 * Runs a script of `scripts/checks`, in a folder with the files and what the script needs.
 *
 * @param script Its name, such as `check_files.ts`.
 * @param files As for {@linkcode tempRepo}.
 * @returns How it ended.
 */
export async function runCheck(
  script: string,
  files: Readonly<Record<string, string>>,
): Promise<{ status: number; stdout: string; stderr: string }> {
  using repo = await tempRepo({
    ...files,
    "deno.json": await Deno.readTextFile(join(REPO, "deno.json")),
    "src/std.d.ts": "",
  });
  const checks = "scripts/checks";
  await Deno.mkdir(repo.join(checks), { recursive: true });
  for await (const { name } of Deno.readDir(join(REPO, checks))) {
    await Deno.copyFile(join(REPO, checks, name), repo.join(checks, name));
  }
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", "--no-lock", join(checks, script)],
    cwd: repo.path,
  }).output();
  const text = new TextDecoder();
  return { status: code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}
