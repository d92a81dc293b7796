import { runtimePaths } from "../../home/home_paths.ts";
import { readServices } from "../../store/runtime/read_services.ts";
import type { AppContext } from "../context.ts";
import { DEFAULT_RUNTIME } from "./project.ts";

/**
 * Returns the services that were started without a `hale.toml` and are to run. Commands for the services of
 * a `hale.toml` leave them out.
 *
 * @param context The home.
 * @param runtimeId The runtime of the command. If it is that of these services, there are no others.
 * @returns Their names.
 */
export function adHocServices(
  { home }: Pick<AppContext, "home">,
  runtimeId: string,
): readonly string[] {
  if (runtimeId === DEFAULT_RUNTIME) return [];
  return readServices(runtimePaths(home, DEFAULT_RUNTIME), DEFAULT_RUNTIME)
    .filter(({ desired }) => desired === "running")
    .map(({ service_id }) => service_id);
}
