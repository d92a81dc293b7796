/**
 * Environments. Windows does not distinguish upper and lower case in the names of variables: `Path` is
 * `PATH`, and a program that is given both sees one of them.
 *
 * @module
 */

type Environment = Readonly<Record<string, string>>;

/** Options of the functions for environments. */
export interface EnvironmentOptions {
  /** @default true on Windows */
  readonly ignoreCase?: boolean;
}

const IGNORE_CASE = Deno.build.os === "windows";

/**
 * Merges environments.
 *
 * @param parts The environments; a later one overrides those before it.
 * @param options How names are compared.
 * @returns The environment. An overridden variable keeps the spelling of the part that overrides it.
 */
export function mergeEnvironments(
  parts: readonly Environment[],
  { ignoreCase = IGNORE_CASE }: EnvironmentOptions = {},
): Record<string, string> {
  const merged = new Map<string, readonly [name: string, value: string]>();
  for (const part of parts) {
    for (const [name, value] of Object.entries(part)) {
      merged.set(ignoreCase ? name.toUpperCase() : name, [name, value]);
    }
  }
  return Object.fromEntries(merged.values());
}

/**
 * Returns an environment without some variables.
 *
 * @param env The environment.
 * @param names The names of the variables.
 * @param options How names are compared.
 */
export function withoutVariables(
  env: Environment,
  names: readonly string[],
  { ignoreCase = IGNORE_CASE }: EnvironmentOptions = {},
): Record<string, string> {
  const key = (name: string) => ignoreCase ? name.toUpperCase() : name;
  const excluded = new Set(names.map(key));
  return Object.fromEntries(Object.entries(env).filter(([name]) => !excluded.has(key(name))));
}
