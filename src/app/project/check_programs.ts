/**
 * Looks for the programs and files that the services of a configuration name.
 *
 * @module
 */

import { readEnvFile } from "../../config/read_env_file.ts";
import { type Problem, Problems } from "../../config/schema/problems.ts";
import { HaleError, messageOf } from "../../errors.ts";
import type { RuntimeSpec, ServiceSpec } from "../../model/service_spec.ts";
import { executableProblem } from "../../resolve/executable/executable_problem.ts";
import { interpreterProblem } from "../../platform/processes/interpreter_problem.ts";
import { commandProblem, findCommand } from "../../resolve/search/find_command.ts";
import type { AppContext } from "../context.ts";

/** A program or a file that is not there now, but may be when the service starts. */
export interface ProgramWarning {
  readonly service: string;
  /** The key in the service's table, such as `stop.command`. */
  readonly key: string;
  readonly value: string;
  /** What is missing, for people. */
  readonly message: string;
}

/**
 * Looks for the programs and files that the services of a configuration name.
 *
 * A program with its arguments in `command` can never be found, so it is a mistake. What is only missing
 * is none: it may be built or installed later, or be on the PATH of another machine.
 *
 * @param project The configuration.
 * @param context The environment with `PATH`.
 * @returns What is missing.
 * @throws {HaleError} `config_invalid` If a `command` has arguments in it.
 */
export async function checkPrograms(
  project: RuntimeSpec,
  context: AppContext,
): Promise<readonly ProgramWarning[]> {
  const problems = new Problems(project.config_path ?? project.id, async () => {
    const { tomlLines } = await import("../../config/toml/toml_lines.ts");
    return tomlLines(await Deno.readTextFile(project.config_path!));
  });
  const warnings: ProgramWarning[] = [];
  for (const spec of project.services) {
    for (const { key, value, missing } of await missingOf(spec, context)) {
      if (missing.isMistake) problems.add(["services", spec.name, ...key], missing.text, { value });
      else {
        warnings.push({ service: spec.name, key: key.join("."), value, message: missing.text });
      }
    }
  }
  await problems.throwIfAny();
  return warnings;
}

interface Missing {
  readonly key: readonly string[];
  readonly value: string;
  readonly missing: { readonly isMistake: boolean; readonly text: string };
}

async function missingOf(spec: ServiceSpec, context: AppContext): Promise<readonly Missing[]> {
  const { program, health, stop, cwd, env_file } = spec;
  const found: Missing[] = [];
  const add = (key: readonly string[], value: string, text: string, isMistake = false) =>
    found.push({ key, value, missing: { isMistake, text } });
  const options = { cwd, env: { ...context.env, ...spec.env } };
  if (program.kind === "command") {
    const problem = await commandProblem(program.command, options);
    const isMistake = problem?.kind === "command_line";
    const reason = problem === null
      ? interpreterProblem(await findCommand(program.command, options))
      : problem.reason;
    if (reason !== null) add(["command"], program.command, reason, isMistake);
  } else if (program.kind === "engine" && program.engine.binary !== null) {
    const { binary } = program.engine;
    const problem = executableProblem(binary) ?? interpreterProblem(binary);
    if (problem !== null) add(["binary"], binary, problem);
  }
  const lists = [
    { key: ["health", "exec"], list: health?.check.kind === "exec" ? health.check.command : [] },
    { key: ["stop", "command"], list: stop.command ?? [] },
  ];
  for (const { key, list: [first] } of lists) {
    if (first === undefined) continue;
    const problem = await commandProblem(first, options);
    if (problem?.kind === "command_line") {
      add(key, first, "each argument is a text of its own", true);
      continue;
    }
    const reason = problem?.reason ?? interpreterProblem(await findCommand(first, options));
    if (reason !== null) add(key, first, reason);
  }
  if (!exists(cwd, "isDirectory")) add(["cwd"], cwd, "there is no such folder");
  if (env_file === null) return found;
  if (!exists(env_file, "isFile") && !exists(env_file, "isFifo")) {
    add(["env_file"], env_file, "there is no such file");
  } else {
    try {
      context.trust.assert(env_file);
      await readEnvFile(env_file);
    } catch (error) {
      add(["env_file"], env_file, faultOf(error), true);
    }
  }
  return found;
}

/** A file of variables has mistakes of its own, and the first one is enough here. */
function faultOf(error: unknown): string {
  const [first] =
    (error instanceof HaleError ? error.fields.problems ?? [] : []) as readonly Problem[];
  return first === undefined ? messageOf(error) : `line ${first.line}: ${first.message}`;
}

function exists(path: string, kind: "isDirectory" | "isFile" | "isFifo"): boolean {
  try {
    return Deno.statSync(path)[kind] ?? false;
  } catch {
    return false;
  }
}
