import { parseEnvFile } from "../../config/parse_env_file.ts";
import { HaleError, messageOf } from "../../errors.ts";
import type { ServiceSpec } from "../../model/service_spec.ts";

/** Without these a program cannot find its own parts; they are no secrets. */
const ALWAYS_INHERITED = ["PATH", "HOME", "USER", "LANG", "TZ", "TMPDIR", "TEMP", "TMP"];
/** Windows programs do not start without them. */
const WINDOWS_NEEDS = ["SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT"];

/**
 * The environment of a launch that a person asks for: what the `hale` command has, then `env_file`,
 * then `env`. With `inherit_env = false` only what every program needs is taken from the command.
 *
 * @param spec The service.
 * @param commandEnv The environment of the `hale` command.
 * @returns The whole environment.
 * @throws {HaleError} `config_invalid` If `env_file` cannot be read or has mistakes.
 */
export async function launchEnvironment(
  spec: ServiceSpec,
  commandEnv: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const inherited = spec.inherit_env
    ? { ...commandEnv }
    : pick(commandEnv, [...ALWAYS_INHERITED, ...WINDOWS_NEEDS]);
  // What a supervisor says of itself is not the service's business.
  delete inherited.HALE_SUPERVISOR;
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
      `The env_file of ${spec.name}, ${path}, cannot be read: ${messageOf(error)}. ` +
        "Create it, or correct `env_file` in hale.toml.",
      { cause: error, fields: { service: spec.name, path } },
    );
  }
  return parseEnvFile(text, path);
}
