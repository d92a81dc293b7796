import { readEnvFile } from "../../config/read_env_file.ts";
import { HaleError, messageOf } from "../../errors.ts";
import type { PathTrust } from "../../home/path_trust.ts";
import type { ServiceSpec } from "../../model/service_spec.ts";
import { mergeEnvironments, withoutVariables } from "../../platform/environment.ts";
import { undecodableVariables } from "../../platform/mod.ts";
import type { AppContext } from "../context.ts";

/** Most programs need these; they are not secret. */
const ALWAYS_INHERITED = ["PATH", "HOME", "USER", "LANG", "TZ", "TMPDIR", "TEMP", "TMP"];
/** Windows programs do not start without these. */
const WINDOWS_NEEDS = ["SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT"];

/**
 * Variables that describe the command, and not the service: the mark of a supervisor, the id of the launch
 * in which it was typed, and those in which a shell keeps its own folder, depth and last command.
 *
 * At the end of a job, GitHub's runner kills every process that has `RUNNER_TRACKING_ID` (JobExtension.cs).
 * The supervisor, which does not have it, would start the service again.
 */
const OF_THE_COMMAND = [
  "HALE_SUPERVISOR",
  "HALE_LAUNCH",
  "RUNNER_TRACKING_ID",
  "PWD",
  "OLDPWD",
  "SHLVL",
  "_",
];

/**
 * Builds the environment of a launch: that of the `hale` command, then `env_file`, then `env`. With
 * `inherit_env = false` only the variables that every program needs are inherited.
 *
 * @param spec The service.
 * @param context The environment of the `hale` command, and which files it trusts.
 * @param undecodable Returns the variables of this process that are not UTF-8, which the environment therefore
 * lacks. @default those of the system
 * @returns The complete environment.
 * @throws {HaleError} `config_invalid` If `env_file` cannot be read or is not valid, `unsafe_file` if others
 * can change it.
 * @throws {HaleError} `usage` If a variable would be inherited that is not UTF-8.
 */
export async function launchEnvironment(
  spec: ServiceSpec,
  { env: commandEnv, trust }: Pick<AppContext, "env" | "trust">,
  undecodable: () => Promise<readonly string[]> = undecodableVariables,
): Promise<Readonly<Record<string, string>>> {
  const inherited = spec.inherit_env
    ? commandEnv
    : pick(commandEnv, [...ALWAYS_INHERITED, ...WINDOWS_NEEDS]);
  const own = mergeEnvironments([await variablesOfFile(spec, trust), spec.env]);
  const isInherited = (name: string) =>
    spec.inherit_env || ALWAYS_INHERITED.includes(name.toUpperCase());
  const lost = (await undecodable()).find((name) => isInherited(name) && !(name in own));
  if (lost !== undefined) throw notUtf8(spec, lost);
  return mergeEnvironments([withoutVariables(inherited, OF_THE_COMMAND), own]);
}

function notUtf8({ name }: ServiceSpec, variable: string): HaleError {
  return new HaleError(
    "usage",
    `${name} was not started: the environment variable ${variable} of this command is not UTF-8, and ` +
      `cannot be passed on. Unset it, or set ${name}'s own value with \`env\` in hale.toml.`,
    { fields: { service: name, variable } },
  );
}

function pick(
  env: Readonly<Record<string, string>>,
  names: readonly string[],
): Record<string, string> {
  const wanted = new Set(names);
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => wanted.has(name.toUpperCase())),
  );
}

async function variablesOfFile(
  spec: ServiceSpec,
  trust: PathTrust,
): Promise<Readonly<Record<string, string>>> {
  const { name, env_file: path } = spec;
  if (path === null) return {};
  trust.assert(path);
  try {
    return await readEnvFile(path);
  } catch (error) {
    if (error instanceof HaleError) throw error;
    throw new HaleError(
      "config_invalid",
      `Cannot read the env_file of ${name}, ${path}: ${messageOf(error)}. ` +
        "Create the file, or correct `env_file` in hale.toml.",
      { cause: error, fields: { service: name, path } },
    );
  }
}
