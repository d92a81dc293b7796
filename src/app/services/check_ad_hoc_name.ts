import { HaleError } from "../../errors.ts";
import type { RuntimeSpec, ServiceSpec } from "../../model/service_spec.ts";
import type { AppContext } from "../context.ts";
import { findProject } from "../project/project.ts";
import { serviceNames } from "../project/service_names.ts";
import { status } from "./status.ts";

/**
 * Checks that the name of a command that is started without a configuration is free. Commands that name
 * a service could otherwise mean two, and only one of them could be stopped by its name.
 *
 * @param context Home and environment.
 * @param named Value of `--config`.
 * @param project The command, as an ad hoc project.
 * @throws {HaleError} `usage` If it is the name of a service of the `hale.toml` here.
 * @throws {HaleError} `already_running` If another command runs under the name.
 */
export async function checkAdHocName(
  context: AppContext,
  named: string | null,
  project: RuntimeSpec,
): Promise<void> {
  const [service] = project.services as readonly [ServiceSpec];
  const { name } = service;
  const path = await findProject(context, named);
  // Also a service that was removed from the file: its records answer to the name.
  if (path !== null && (await serviceNames(context, named)).includes(name)) {
    throw new HaleError(
      "usage",
      `The name ${JSON.stringify(name)} is that of a service of ${path}. Start that one with ` +
        `\`hale start ${name}\`, or give the command another name.`,
      { fields: { service: name, config_path: path } },
    );
  }
  const current = (await status(project.id, project, context)).find((one) => one.name === name);
  if (current === undefined || !current.config_changed) return;
  throw new HaleError(
    "already_running",
    `Another command already runs as ${name} (pid ${current.pid}). Stop it first with ` +
      `\`hale stop ${name}\`, or give this command another name.`,
    { fields: { service: name, pid: current.pid } },
  );
}
