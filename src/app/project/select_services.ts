import type { RuntimeSpec, ServiceSpec } from "../../model/service_spec.ts";
import { unknownService } from "../../model/unknown_service.ts";

/**
 * Selects services of a configuration with their dependencies.
 *
 * @param project The configuration.
 * @param names Names of the services; empty for all.
 * @returns The services, in the order of the file.
 * @throws {HaleError} `unknown_service` If there is no service of a name.
 */
export function selectServices(
  project: RuntimeSpec,
  names: readonly string[],
): readonly ServiceSpec[] {
  if (names.length === 0) return project.services;
  const byName = new Map(project.services.map((spec) => [spec.name, spec]));
  const unknown = names.filter((name) => !byName.has(name));
  if (unknown.length > 0) {
    throw unknownService(unknown, project.config_path ?? project.id, byName.keys());
  }
  const chosen = new Set<string>();
  const choose = (name: string) => {
    const spec = byName.get(name);
    if (spec === undefined || chosen.has(name)) return;
    chosen.add(name);
    for (const { service } of spec.depends_on) choose(service);
  };
  for (const name of names) choose(name);
  return project.services.filter(({ name }) => chosen.has(name));
}
