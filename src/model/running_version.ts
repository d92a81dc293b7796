import type { ServiceSnapshot } from "./snapshots.ts";

/**
 * Returns the version of the program that runs: the one that it reports, else that of the release it is
 * from. The version in the configuration is not the answer: a local build may be any version.
 *
 * @param snapshot The service.
 * @param options `isLaunched`: whether a launch of it is running.
 * @returns The version; null if nothing runs or it is unknown.
 */
export function runningVersion(
  { state, health, launch, reported_version }: Pick<
    ServiceSnapshot,
    "state" | "health" | "launch" | "reported_version"
  >,
  { isLaunched }: { readonly isLaunched: boolean },
): string | null {
  if (isLaunched) return reported_version ?? launch?.version ?? null;
  return state === "unmanaged" && health === "healthy" ? reported_version : null;
}
