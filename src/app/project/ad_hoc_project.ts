import { adHocService } from "../../config/ad_hoc_service.ts";
import { DEFAULT_STORE, type RuntimeSpec } from "../../model/service_spec.ts";
import { runtimePaths, servicePaths } from "../../home/home_paths.ts";
import { readServices } from "../../store/runtime/read_services.ts";
import type { AppContext } from "../context.ts";
import { DEFAULT_RUNTIME, findProject, loadProject } from "./project.ts";

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
    store: DEFAULT_STORE,
    services: [await adHocService({ ...service, cwd: context.cwd, dataDir })],
  };
}

/**
 * The project of a command that starts services by their names. Where the `hale.toml` has none of
 * them, or there is no such file, those that were once started without one are meant.
 *
 * @param context Where hale works.
 * @param named What `--config` said.
 * @param services The names.
 * @returns The project.
 * @throws {HaleError} `config_invalid` If there is no `hale.toml` and a service is not remembered, or
 * if the file has mistakes.
 */
export async function startableProject(
  context: AppContext,
  named: string | null,
  services: readonly string[],
): Promise<RuntimeSpec> {
  const remembered = readServices(runtimePaths(context.home, DEFAULT_RUNTIME), DEFAULT_RUNTIME)
    .map(({ spec }) => spec)
    .filter(({ name }) => services.includes(name));
  const all = remembered.length === new Set(services).size;
  const adHoc = {
    id: DEFAULT_RUNTIME,
    config_path: null,
    store: DEFAULT_STORE,
    services: remembered,
  };
  if (all && await findProject(context, named) === null) return adHoc;
  const project = await loadProject(context, named);
  return all && !project.services.some(({ name }) => services.includes(name)) ? adHoc : project;
}
