import { DELIMITER, resolve } from "../../platform/path.ts";
import { HaleError } from "../../errors.ts";
import { executableNames } from "../../platform/mod.ts";
import { executableProblem, NO_SUCH_FILE } from "../executable/executable_problem.ts";

/** Options of the search for a command. */
export interface FindCommandOptions {
  /** Absolute folder; the base of relative paths. */
  readonly cwd: string;
  /** `PATH`, and `PATHEXT` on Windows. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Name of the service whose command it is, for the message. */
  readonly service?: string;
}

/**
 * Finds the program of a command as a shell does: a name is searched for in the folders on PATH, a
 * command with a slash is a path.
 *
 * @param command A name or a path, without arguments.
 * @param options Where to search.
 * @returns The absolute path of the program.
 * @throws {HaleError} `binary_not_found` If no such program can be run.
 *
 * @example
 * ```ts
 * import { findCommand } from "./find_command.ts";
 * console.log(await findCommand("deno", { cwd: Deno.cwd(), env: Deno.env.toObject() }));
 * ```
 */
export async function findCommand(command: string, options: FindCommandOptions): Promise<string> {
  const { cwd, service } = options;
  const { path, folders, unusable } = search(command, options);
  if (path !== null) return path;
  const fields = {
    ...(service === undefined ? {} : { service }),
    command,
    cwd,
    searched: folders,
    unusable,
  };
  const what = JSON.stringify(command) + (service === undefined ? "" : ` of ${service}`);
  if (isCommandLine(command, options)) {
    throw notFound(what, `\`command\` is one program: write ${separated(command)}.`, fields);
  }
  if (folders === null) throw pathNotFound(what, resolve(cwd, command), unusable, fields);
  const near = await nearestName(command, folders);
  throw nameNotFound(what, { folders, unusable, near }, { ...fields, suggestion: near });
}

interface SearchResult {
  readonly path: string | null;
  /** The folders on PATH that were searched; null if the command is a path. */
  readonly folders: readonly string[] | null;
  /** Files of that name that cannot be run, each with the reason. */
  readonly unusable: readonly string[];
}

function search(command: string, { cwd, env }: FindCommandOptions): SearchResult {
  const folders = isPath(command) ? null : pathFolders(cwd, env);
  const unusable: string[] = [];
  for (const folder of folders ?? [cwd]) {
    for (const name of executableNames(command, env)) {
      const path = resolve(folder, name);
      const problem = executableProblem(path);
      if (problem === null) return { path, folders, unusable };
      if (problem !== NO_SUCH_FILE) unusable.push(`${path}: ${problem}`);
    }
  }
  return { path: null, folders, unusable };
}

/**
 * Whether a command that was not found is a program with its arguments. A path may have spaces of
 * its own, so the program must exist there.
 */
function isCommandLine(command: string, options: FindCommandOptions): boolean {
  const [program, ...args] = command.trim().split(/\s+/) as [string, ...string[]];
  if (args.length === 0) return false;
  return !isPath(command) || search(program, options).path !== null;
}

/** The two keys of hale.toml for a program with its arguments. */
function separated(command: string): string {
  const [program, ...args] = command.trim().split(/\s+/) as [string, ...string[]];
  // Quotes may join words: how a shell would split them is not guessed.
  const list = /["']/.test(command)
    ? "[...]"
    : `[${args.map((arg) => JSON.stringify(arg)).join(", ")}]`;
  return `command = ${JSON.stringify(program)}, args = ${list}`;
}

function isPath(command: string): boolean {
  return /[/\\]/.test(command);
}

function pathFolders(cwd: string, env: FindCommandOptions["env"]): string[] {
  // Windows names it Path. An empty entry is the current folder (POSIX, "Environment Variables").
  const path = env.PATH ?? env.Path;
  return path ? [...new Set(path.split(DELIMITER).map((folder) => resolve(cwd, folder)))] : [];
}

function pathNotFound(
  what: string,
  path: string,
  unusable: readonly string[],
  fields: Record<string, unknown>,
): HaleError {
  const why = unusable.length === 0 ? `there is no file ${path}` : unusable.join("; ");
  return new HaleError(
    "binary_not_found",
    `Cannot run the command ${what}: ${why}. Correct \`command\`; a relative path is relative to ` +
      "`cwd`.",
    { fields },
  );
}

function notFound(what: string, reason: string, fields: Record<string, unknown>): HaleError {
  return new HaleError("binary_not_found", `Cannot find the command ${what}: ${reason}`, {
    fields,
  });
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
  const why = unusable.length > 0
    ? `PATH has only files that cannot be run (${unusable.join("; ")})`
    : folders.length === 0
    ? "PATH is not set"
    : `no program of that name in the ${folders.length} folders on PATH`;
  const suggestion = near === null ? "" : `Did you mean ${JSON.stringify(near)}? `;
  return notFound(
    what,
    `${why}. ${suggestion}Install it, add its folder to PATH, or set \`command\` to its path.`,
    fields,
  );
}

/** The program on PATH whose name is most similar to the command, if one is similar enough. */
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
    // PATH often names folders that do not exist.
  }
  return names;
}
