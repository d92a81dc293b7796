import { openContext } from "../../../../app/context.ts";
import { loadProject } from "../../../../app/project/project.ts";
import type { Invocation } from "../../../command.ts";
import type { spec } from "./spec.ts";

/** `hale config check`: reads the configuration and reports its mistakes. */
export async function run(invocation: Invocation<typeof spec>): Promise<number> {
  const { common, output } = invocation;
  const project = await loadProject(openContext(common), common.config);
  const services = project.services.map(({ name, program, endpoint, version, depends_on }) => ({
    name,
    kind: program.kind,
    endpoint,
    version,
    depends_on: depends_on.map(({ service }) => service),
  }));
  if (common.json) {
    output.json({ runtime: project.id, config_path: project.config_path, services });
    return 0;
  }
  output.result(
    `${project.config_path}: ${services.length} ${
      services.length === 1 ? "service" : "services"
    }, no mistakes`,
  );
  for (const { name, kind } of services) output.result(`  ${name} (${kind})`);
  return 0;
}
