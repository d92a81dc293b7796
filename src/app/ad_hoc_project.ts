import { adHocService } from "../config/ad_hoc_service.ts";
import type { RuntimeSpec } from "../model/service_spec.ts";
import { runtimePaths, servicePaths } from "../store/home_paths.ts";
import type { AppContext } from "./context.ts";
import { DEFAULT_RUNTIME } from "./project.ts";

/**
 * A project of one command that stands in no `hale.toml`. It is kept in a runtime of its own, which
 * commands use where there is no `hale.toml` either.
 *
 * @param context Where hale works: the command runs in its folder.
 * @param service Its name, the command and the arguments, passed on untouched.
 * @returns The project.
 * @throws {HaleError} `config_invalid` If the name cannot be a service's.
 */
export async function adHocProject(
  context: AppContext,
  service: { readonly name: string; readonly command: string; readonly args: readonly string[] },
): Promise<RuntimeSpec> {
  const dataDir = servicePaths(runtimePaths(context.home, DEFAULT_RUNTIME), service.name).data;
  return {
    id: DEFAULT_RUNTIME,
    config_path: null,
    services: [await adHocService({ ...service, cwd: context.cwd, dataDir })],
  };
}
