import type { EngineSpec, ServiceSpec } from "../model/service_spec.ts";
import { parseEnvFile } from "./parse_env_file.ts";
import { endingFile } from "../files/regular_file.ts";
import { sha256Hex } from "../files/sha256_text.ts";

/** Digests that were already computed. */
const known = new WeakMap<ServiceSpec, string>();

/**
 * Returns a digest of everything that a launch of a service depends on. If the digest differs, the
 * configuration has changed.
 *
 * It includes the variables of `env_file`. It does not include `logs.max_size` and `logs.keep`,
 * because these are applied to a running launch.
 *
 * @param spec The service.
 * @returns SHA-256, in hex. If a variable sets another version than the file: the digest without the
 * variable, then `@` and the version. See `isSameConfig`.
 */
export async function configDigest(spec: ServiceSpec): Promise<string> {
  const digest = specDigest(spec);
  const variables = await fileVariables(spec);
  const whole = variables === null ? digest : sha256Hex(digest + canonicalJson(variables));
  const engine = spec.program.kind === "engine" ? spec.program.engine : null;
  return engine === null || isSetByFile(engine) ? whole : `${whole}@${engine.version}`;
}

/** Specifications of an older hale have no `file_digest`. */
function isSetByFile({ file_digest }: Pick<EngineSpec, "file_digest">): boolean {
  return (file_digest ?? null) === null;
}

/**
 * Returns a digest of a specification without the contents of `env_file`.
 *
 * @param spec The service. The digest is computed once for each object.
 * @returns SHA-256, in hex.
 */
export function specDigest(spec: ServiceSpec): string {
  if (spec.program.kind === "engine" && !isSetByFile(spec.program.engine)) {
    return spec.program.engine.file_digest!;
  }
  const { max_size_bytes: _size, keep: _keep, ...logs } = spec.logs;
  const digest = known.get(spec) ??
    sha256Hex(canonicalJson({ ...spec, program: programOf(spec), logs }));
  known.set(spec, digest);
  return digest;
}

function programOf({ program }: ServiceSpec): unknown {
  if (program.kind !== "engine") return program;
  // The source of the version is for messages and does not affect the launch.
  const { version_source: _source, file_digest: _digest, ...engine } = program.engine;
  return { ...program, engine };
}

/**
 * Null without a file. An invalid file is not an error here: the start that needs it reports it.
 */
async function fileVariables({ env_file: path }: ServiceSpec): Promise<unknown> {
  if (path === null) return null;
  let text;
  try {
    text = await Deno.readTextFile(endingFile(path));
    return parseEnvFile(text, path);
  } catch {
    return text ?? null;
  }
}

/** JSON with sorted keys. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => a < b ? -1 : 1));
  });
}
