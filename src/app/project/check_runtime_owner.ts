import { HaleError } from "../../errors.ts";
import type { RuntimeSpec } from "../../model/service_spec.ts";
import type { RuntimeSnapshot } from "../../model/snapshots.ts";
import { hostTarget } from "../../platform/mod.ts";
import { runtimePaths, servicePaths } from "../../home/home_paths.ts";
import { readRuntimeSnapshot } from "../../store/snapshot/snapshot.ts";
import type { AppContext } from "../context.ts";

/**
 * Refuses a configuration with the name of another one. Both would share services, events and logs,
 * and `hale down` in one folder would stop the services of the other.
 *
 * A file that was moved, renamed or given another `name` no longer owns its runtime.
 *
 * @param context Home and environment.
 * @param spec The configuration.
 * @throws {HaleError} `config_invalid` If the runtime of this name belongs to another file.
 */
export async function checkRuntimeOwner(context: AppContext, spec: RuntimeSpec): Promise<void> {
  const owner = readKnown(context, spec.id)?.config_path ?? null;
  if (owner === null || owner === spec.config_path) return;
  if (!await stillNames(owner, spec.id, context)) return;
  const here = spec.config_path ?? "this program";
  throw new HaleError(
    "config_invalid",
    `The name "${spec.id}" of ${here} is already used by ${owner}. With the same name both would ` +
      "control the same services. Set another `name` in one of them.",
    { fields: { name: spec.id, config_path: spec.config_path, owner } },
  );
}

function readKnown(context: AppContext, id: string): RuntimeSnapshot | null {
  try {
    return readRuntimeSnapshot(runtimePaths(context.home, id).snapshot);
  } catch {
    return null; // Commands that use the store report the problem.
  }
}

/** Whether a file exists and names the runtime. A file that is not valid keeps its runtime. */
async function stillNames(path: string, id: string, context: AppContext): Promise<boolean> {
  try {
    Deno.statSync(path);
  } catch {
    return false;
  }
  const { loadConfig } = await import("../../config/load.ts");
  try {
    const other = await loadConfig(path, {
      env: context.env,
      target: hostTarget(),
      dataDir: (runtime, service) =>
        servicePaths(runtimePaths(context.home, runtime), service).data,
    });
    return other.id === id;
  } catch {
    return true;
  }
}
