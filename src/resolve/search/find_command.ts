import { DELIMITER, resolve } from "../../platform/path.ts";
import { HaleError } from "../../errors.ts";
import { executableNames } from "../../platform/mod.ts";
import { executableProblem } from "../executable/executable_problem.ts";

/** Where a command is looked for. */
export interface FindCommandOptions {
  /** Absolute folder that relative paths start from. */
  readonly cwd: string;
  /** `PATH`, and `PATHEXT` on Windows. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whose command it is, for the message. */
  readonly service?: string;
}

/**
 * Finds the program that a command means, as a shell would: a name is looked for in the folders of
 * PATH, anything with a slash is a path.
 *
 * @param command A name or a path.
 * @param options Where to look.
 * @returns The program's absolute path.
 * @throws {HaleError} `binary_not_found` If there is none that can be run.
 *
 * @example
 * ```ts
 * import { findCommand } from "./find_command.ts";
 * console.log(await findCommand("deno", { cwd: Deno.cwd(), env: Deno.env.toObject() }));
 * ```
 */
export async function findCommand(command: string, options: FindCommandOptions): Promise<string> {
  const { cwd, env, service } = options;
  const folders = isPath(command) ? null : pathFolders(cwd, env);
  const unusable: string[] = [];
  for (const folder of folders ?? [cwd]) {
    for (const name of executableNames(command, env)) {
      const path = resolve(folder, name);
      const problem = executableProblem(path);
      if (problem === null) return path;
      if (problem !== "there is no such file") unusable.push(`${path}: ${problem}`);
    }
  }
  const fields = { ...(service === undefined ? {} : { service }), command, cwd, searched: folders };
  const what = JSON.stringify(command) + (service === undefined ? "" : ` of ${service}`);
  if (folders === null) {
    throw pathNotFound(what, resolve(cwd, command), unusable, { ...fields, unusable });
  }
  const near = await nearestName(command, folders);
  throw nameNotFound(what, { folders, unusable, near }, {
    ...fields,
    unusable,
    suggestion: near,
  });
}

function isPath(command: string): boolean {
  return /[/\\]/.test(command);
}

function pathFolders(cwd: string, env: FindCommandOptions["env"]): string[] {
  // Windows spells it Path. An empty entry means the current folder (POSIX, "Environment Variables").
  const path = env.PATH ?? env.Path;
  return path ? [...new Set(path.split(DELIMITER).map((folder) => resolve(cwd, folder)))] : [];
}

function pathNotFound(
  what: string,
  path: string,
  unusable: readonly string[],
  fields: Record<string, unknown>,
): HaleError {
  const why = unusable.length === 0 ? `there is no file at ${path}` : unusable.join("; ");
  return new HaleError(
    "binary_not_found",
    `The command ${what} cannot be run: ${why}. ` +
      "Correct `command`; a relative path starts from `cwd`.",
    { fields },
  );
}

function nameNotFound(
  what: string,
  { folders, unusable, near }: {
    readonly folders: readonly string[];
    readonly unusable: readonly string[];
    readonly near: string | null;
  },
  fields: Record<string, unknown>,
): HaleError {
  const where = folders.length === 0
    ? "PATH is not set"
    : `none of the ${folders.length} folders of PATH has a program of that name`;
  const but = unusable.length === 0 ? "" : `, only what cannot be run (${unusable.join("; ")})`;
  return new HaleError(
    "binary_not_found",
    `The command ${what} was not found: ${where}${but}. ` +
      (near === null ? "" : `Did you mean ${JSON.stringify(near)}? `) +
      "Install it, add its folder to PATH, or set `command` to its path.",
    { fields },
  );
}

/** The program on PATH whose name is most like the one asked for, if any is near. */
async function nearestName(command: string, folders: readonly string[]): Promise<string | null> {
  // Loaded only for this message.
  const { suggest } = await import("../../text/suggest.ts");
  const names = await Promise.all(folders.map(fileNames));
  return suggest(command, names.flat());
}

async function fileNames(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) {
      if (!entry.isDirectory) names.push(entry.name);
    }
  } catch {
    // PATH often names folders that are not there.
  }
  return names;
}
