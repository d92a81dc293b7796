import type { ServiceSpec } from "../model/service_spec.ts";
import { sha256Hex } from "./sha256_hex.ts";

/**
 * A fingerprint of all that a launch of a service depends on: another one means that the service
 * has changed since.
 *
 * @param spec The service.
 * @returns SHA-256, in hex.
 */
export function configDigest(spec: ServiceSpec): Promise<string> {
  const { program } = spec;
  if (program.kind !== "engine") return sha256Hex(canonicalJson(spec));
  // Who said the version explains; it changes nothing about the launch.
  const { version_source: _, ...engine } = program.engine;
  return sha256Hex(canonicalJson({ ...spec, program: { ...program, engine } }));
}

/** JSON in which the order of keys says nothing. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => a < b ? -1 : 1));
  });
}
