import { DELIMITER, dirname, join, resolve } from "../../platform/path.ts";
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
  /** Whether it was typed on a command line, so that relative paths start in `cwd`. @default false */
  readonly isTyped?: boolean;
}

/** Why a command cannot be run. */
export interface CommandProblem {
  /** `command_line`: it is a program with its arguments. `missing`: there is no such program now. */
  readonly kind: "command_line" | "missing";
  /** The reason, for people: a part of a sentence. */
  readonly reason: string;
  /** What to do, as sentences. */
  readonly advice: string;
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
  const found = search(command, options);
  if (found.path !== null) return found.path;
  const { kind, reason, advice, suggestion } = await explain(command, found, options);
  const what = JSON.stringify(command) + (service === undefined ? "" : ` of ${service}`);
  const isFile = found.folders === null && kind === "missing";
  throw new HaleError(
    "binary_not_found",
    `Cannot ${isFile ? "run" : "find"} the command ${what}: ${reason}. ${advice}`.trim(),
    {
      fields: {
        ...(service === undefined ? {} : { service }),
        command,
        cwd,
        searched: found.folders,
        unusable: found.unusable,
        ...(suggestion === undefined ? {} : { suggestion }),
      },
    },
  );
}

/**
 * Returns why a command cannot be run now.
 *
 * @param command A name or a path, without arguments.
 * @param options Where to search.
 * @returns The reason; null if the program is there.
 */
export async function commandProblem(
  command: string,
  options: FindCommandOptions,
): Promise<CommandProblem | null> {
  const found = search(command, options);
  return found.path === null ? await explain(command, found, options) : null;
}

async function explain(
  command: string,
  { folders, unusable }: SearchResult,
  options: FindCommandOptions,
): Promise<CommandProblem & { readonly suggestion?: string | null }> {
  if (isCommandLine(command, options)) {
    const reason = `\`command\` is one program: write ${separated(command)}`;
    return { kind: "command_line", reason, advice: "" };
  }
  if (folders === null) {
    const path = resolve(options.cwd, command);
    const reason = unusable.length === 0 ? `there is no file ${path}` : unusable.join("; ");
    return { kind: "missing", reason, advice: pathAdvice(path, unusable, options) };
  }
  const suggestion = await nearestName(command, folders);
  const hint = suggestion === null ? "" : `Did you mean ${JSON.stringify(suggestion)}? `;
  return {
    kind: "missing",
    reason: notOnPath(folders, unusable),
    advice: `${hint}Install it, add its folder to PATH, or set \`command\` to its path.`,
    suggestion,
  };
}

/** A path that the user meant to start in `cwd` may exist there. */
function pathAdvice(
  path: string,
  unusable: readonly string[],
  { cwd, env, isTyped }: FindCommandOptions,
): string {
  if (unusable.length > 0) return "Correct the file, or `command`.";
  if (isTyped) return `Correct the path. A relative path starts in the current folder, ${cwd}.`;
  const rule = "A relative `command` starts in the folder of hale.toml, not in `cwd`";
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    const inCwd = search(join(cwd, path.slice(folder.length)), { cwd, env }).path;
    if (inCwd !== null) return `${rule}. There is a file ${inCwd}.`;
  }
  return `Correct \`command\`. ${rule}.`;
}

function notOnPath(folders: readonly string[], unusable: readonly string[]): string {
  if (unusable.length > 0) {
    return `PATH has only files that cannot be run (${unusable.join("; ")})`;
  }
  if (folders.length === 0) return "PATH is not set";
  return `no program of that name in the ${folders.length} folders on PATH`;
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
