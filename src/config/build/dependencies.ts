import type { Dependency, Rerun } from "../../model/service_spec.ts";
import { NO_HEALTH } from "../schema/schema.ts";
import type { ServiceDraft } from "./service_draft.ts";

/**
 * Returns the names of the services that a service depends on, as they are written.
 *
 * @param draft The service.
 * @returns Each name with its key in the file, in order.
 */
export function dependencyKeys(
  { path, table: { depends_on } }: Pick<ServiceDraft, "path" | "table">,
): { readonly name: string; readonly key: readonly (string | number)[] }[] {
  const key = [...path, "depends_on"];
  if (typeof depends_on === "string") return [{ name: depends_on, key }];
  if (Array.isArray(depends_on)) {
    return depends_on.map((name, index) => ({ name, key: [...key, index] }));
  }
  return Object.keys(depends_on).map((name) => ({ name, key: [...key, name] }));
}

/**
 * Returns what a service depends on. Without a condition, a job must have completed and every other
 * service must be healthy.
 *
 * @param draft The service.
 * @param drafts All services.
 * @returns The dependencies, in the order of the file.
 */
export function dependenciesOf(
  draft: ServiceDraft,
  drafts: readonly ServiceDraft[],
): readonly Dependency[] {
  const { depends_on } = draft.table;
  if (typeof depends_on === "object" && !Array.isArray(depends_on)) {
    return Object.entries(depends_on).map(([service, condition]) => ({ service, condition }));
  }
  return dependencyKeys(draft).map(({ name }) => {
    const other = drafts.find((one) => one.name === name);
    return { service: name, condition: isJob(other) ? "completed" : "healthy" };
  });
}

/**
 * Returns whether `hale up` runs a completed job again if the file does not say so. A job that others
 * depend on prepares something for them, which is done. A job on its own is run because a user asks
 * for it.
 *
 * @param draft The service.
 * @param drafts All services.
 * @returns The default of `rerun`.
 */
export function defaultRerun(
  { name }: Pick<ServiceDraft, "name">,
  drafts: readonly ServiceDraft[],
): Rerun {
  const hasDependents = drafts.some((other) =>
    dependencyKeys(other).some((dependency) => dependency.name === name)
  );
  return hasDependents ? "changed" : "always";
}

function isJob(draft: ServiceDraft | undefined): boolean {
  if (draft === undefined) return false;
  const { restart, health } = draft.table;
  // With a health check it is a server that is not restarted.
  return restart.policy === "never" && (health === undefined || health === NO_HEALTH);
}
