import { adHocService } from "../../config/ad_hoc_service.ts";
import { DEFAULT_STORE, type RuntimeSpec } from "../../model/service_spec.ts";
import { runtimePaths, servicePaths } from "../../home/home_paths.ts";
import { readServices } from "../../store/runtime/read_services.ts";
import type { AppContext } from "../context.ts";
import { DEFAULT_RUNTIME, findProject, loadProject } from "./project.ts";

/**
 * Creates a project for a command without a `hale.toml`. It belongs to the default runtime, which
 * commands use if there is no `hale.toml`.
 *
 * @param context Home and environment; the command runs in its working directory.
 * @param service Name, command and arguments, which are passed on unchanged.
 * @returns The project.
 * @throws {HaleError} `config_invalid` If the name is not a valid service name.
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
 * Finds the project of a command that starts services by name. If there is no `hale.toml`, or it has
 * none of the services, services that were started without a `hale.toml` before are used.
 *
 * @param context Home and environment.
 * @param named Value of `--config`.
 * @param services The names.
 * @returns The project.
 * @throws {HaleError} `config_invalid` If there is no `hale.toml` and a service was never started, or
 * if the file is not valid.
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
