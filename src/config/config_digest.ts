import type { ServiceSpec } from "../model/service_spec.ts";
import { parseEnvFile } from "./parse_env_file.ts";
import { sha256Hex } from "../files/sha256_text.ts";

/** What was computed of specifications that are in use. */
const known = new WeakMap<ServiceSpec, string>();

/**
 * A fingerprint of all that a launch of a service depends on: another one means that the service
 * has changed since.
 *
 * The variables of `env_file` count, as those of `env` do; only the fingerprint of it all is kept.
 * How large logs become and how many are kept does not: that is applied to a launch while it runs.
 *
 * @param spec The service.
 * @returns SHA-256, in hex.
 */
export async function configDigest(spec: ServiceSpec): Promise<string> {
  const digest = specDigest(spec);
  const variables = await fileVariables(spec);
  return variables === null ? digest : sha256Hex(digest + canonicalJson(variables));
}

/**
 * A fingerprint of what a configuration says of a service, without the files that it names.
 *
 * @param spec The service. Computed once for each object.
 * @returns SHA-256, in hex.
 */
function specDigest(spec: ServiceSpec): string {
  const { max_size_bytes: _size, keep: _keep, ...logs } = spec.logs;
  const digest = known.get(spec) ??
    sha256Hex(canonicalJson({ ...spec, program: programOf(spec), logs }));
  known.set(spec, digest);
  return digest;
}

function programOf({ program }: ServiceSpec): unknown {
  if (program.kind !== "engine") return program;
  // Who said the version explains; it changes nothing about the launch.
  const { version_source: _, ...engine } = program.engine;
  return { ...program, engine };
}

/** Null where there is no file; what is wrong with one is told by the start that needs it. */
async function fileVariables({ env_file: path }: ServiceSpec): Promise<unknown> {
  if (path === null) return null;
  let text;
  try {
    text = await Deno.readTextFile(path);
    return parseEnvFile(text, path);
  } catch {
    return text ?? null;
  }
}

/** JSON in which the order of keys says nothing. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => a < b ? -1 : 1));
  });
}
