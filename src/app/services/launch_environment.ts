import { parseEnvFile } from "../../config/parse_env_file.ts";
import { HaleError, messageOf } from "../../errors.ts";
import type { ServiceSpec } from "../../model/service_spec.ts";

/** Most programs need these; they are not secret. */
const ALWAYS_INHERITED = ["PATH", "HOME", "USER", "LANG", "TZ", "TMPDIR", "TEMP", "TMP"];
/** Windows programs do not start without these. */
const WINDOWS_NEEDS = ["SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT"];

/**
 * Variables that describe the command, and not the service: the mark of a supervisor, the id of the launch
 * in which it was typed, and those in which a shell keeps its own folder, depth and last command.
 */
const OF_THE_COMMAND = ["HALE_SUPERVISOR", "HALE_LAUNCH", "PWD", "OLDPWD", "SHLVL", "_"];

/**
 * Builds the environment of a launch: that of the `hale` command, then `env_file`, then `env`. With
 * `inherit_env = false` only the variables that every program needs are inherited.
 *
 * @param spec The service.
 * @param commandEnv The environment of the `hale` command.
 * @returns The complete environment.
 * @throws {HaleError} `config_invalid` If `env_file` cannot be read or is not valid.
 */
export async function launchEnvironment(
  spec: ServiceSpec,
  commandEnv: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const inherited = spec.inherit_env
    ? { ...commandEnv }
    : pick(commandEnv, [...ALWAYS_INHERITED, ...WINDOWS_NEEDS]);
  for (const name of OF_THE_COMMAND) delete inherited[name];
  return { ...inherited, ...await readEnvFile(spec), ...spec.env };
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

async function readEnvFile(spec: ServiceSpec): Promise<Readonly<Record<string, string>>> {
  const { env_file: path } = spec;
  if (path === null) return {};
  let text;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    throw new HaleError(
      "config_invalid",
      `Cannot read the env_file of ${spec.name}, ${path}: ${messageOf(error)}. ` +
        "Create the file, or correct `env_file` in hale.toml.",
      { cause: error, fields: { service: spec.name, path } },
    );
  }
  return parseEnvFile(text, path);
}
