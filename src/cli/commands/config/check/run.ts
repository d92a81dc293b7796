import { openContext } from "../../../../app/context.ts";
import { checkPrograms } from "../../../../app/project/check_programs.ts";
import { loadProject } from "../../../../app/project/project.ts";
import type { Invocation } from "../../../command.ts";
import type { spec } from "./spec.ts";

/** `hale config check`: reads the configuration and reports its mistakes. */
export async function run(invocation: Invocation<typeof spec>): Promise<number> {
  const { common, output } = invocation;
  const context = openContext(common);
  const project = await loadProject(context, common.config);
  const warnings = await checkPrograms(project, context);
  const services = project.services.map((service) => ({
    name: service.name,
    kind: service.program.kind,
    endpoint: service.endpoint,
    version: service.version,
    depends_on: service.depends_on.map(({ service }) => service),
    health: service.health === null
      ? null
      : { kind: service.health.check.kind, implied: service.health.implied },
  }));
  if (common.json) {
    output.json({ runtime: project.id, config_path: project.config_path, services, warnings });
    return 0;
  }
  output.result(
    `${project.config_path}: ${services.length} ${
      services.length === 1 ? "service" : "services"
    }, no mistakes`,
  );
  for (const { name, kind, health } of services) {
    // The file does not say it, so the command does.
    const implied = health?.implied ? ", healthy when its endpoint accepts connections" : "";
    // `engine` is what the JSON calls it.
    output.result(`  ${name} (${kind === "engine" ? "release" : kind})${implied}`);
  }
  for (const { service, key, value, message } of warnings) {
    output.warn(`services.${service}.${key} = ${JSON.stringify(value)}: ${message}`);
  }
  return 0;
}
