import type { ServiceSpec } from "./service_spec.ts";
import type { ServiceSnapshot } from "./snapshots.ts";

/**
 * Returns the configuration of what runs: its endpoint, its health checks and how it is stopped. A newer
 * configuration applies from the next launch on.
 *
 * @param snapshot The service.
 * @returns The configuration of its launch; without a launch, that of the next one.
 */
export function launchedSpec(
  { spec, launched_spec }: Pick<ServiceSnapshot, "spec" | "launched_spec">,
): ServiceSpec {
  return launched_spec ?? spec;
}

/**
 * Returns the configuration of a launch that must be kept when a service gets a new one.
 *
 * @param snapshot The service with the configuration that it has so far.
 * @param digest Digest of the new configuration.
 * @returns Null if there is no launch, or it was launched with the new configuration.
 */
export function specBeside(snapshot: ServiceSnapshot, digest: string): ServiceSpec | null {
  const { launch } = snapshot;
  return launch === null || launch.config_digest === digest ? null : launchedSpec(snapshot);
}
