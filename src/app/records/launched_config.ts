/**
 * Reads the configuration with which a service was launched.
 *
 * @module
 */

import { HaleError } from "../../errors.ts";
import type { ConfigBundle } from "../../model/snapshots.ts";
import { readConfigBundles } from "../../store/runtime/config_bundles.ts";
import { runtimePaths, servicePaths } from "../../home/home_paths.ts";
import { MAX_READ_LIMIT } from "../../store/events/read_limit.ts";
import { readTranscript } from "../../store/runtime/read_transcript.ts";
import type { AppContext } from "../context.ts";

/** A configuration of a launch, and the others that are stored. */
export interface LaunchedConfig {
  readonly bundle: ConfigBundle;
  /** All stored configurations by their first launch, oldest first. */
  readonly kept: readonly ConfigBundle[];
}

/**
 * Reads a configuration with which a service was launched.
 *
 * @param context Home and environment.
 * @param service The service, by its `runtimeId` and its `serviceId`.
 * @param digest Digest of the configuration or a prefix of it; null for the last launch.
 * @returns The configuration, without the values of environment variables.
 * @throws {HaleError} `store_missing` If there is no such configuration, `usage` if the prefix is
 * ambiguous, `store_corrupt` or `store_io` if it cannot be read.
 */
export async function launchedConfig(
  context: AppContext,
  service: { readonly runtimeId: string; readonly serviceId: string },
  digest: string | null,
): Promise<LaunchedConfig> {
  const { runtimeId, serviceId } = service;
  const { configs } = servicePaths(runtimePaths(context.home, runtimeId), serviceId);
  const kept = readConfigBundles(configs, runtimeId);
  const wanted = digest ?? await lastLaunchedDigest(context, service) ??
    kept.at(-1)?.config_digest ?? null;
  const exact = kept.filter(({ config_digest }) => config_digest === wanted);
  const found = exact.length > 0
    ? exact
    : kept.filter(({ config_digest }) => isShortFor(wanted ?? "", config_digest));
  if (wanted === null || found.length === 0) throw notKept(serviceId, wanted, kept);
  const [bundle, another] = found;
  if (another === undefined) return { bundle: bundle!, kept };
  throw new HaleError(
    "usage",
    `Several configurations of ${serviceId} start with "${wanted}": ` +
      `${found.map(({ config_digest }) => config_digest).join(", ")}. Give more characters.`,
    { fields: { service: serviceId, digest: wanted } },
  );
}

/** Whether a digest begins so. A version after `@` is complete, see `configDigest`. */
function isShortFor(wanted: string, digest: string): boolean {
  const [start = "", wantedVersion] = wanted.split("@", 2);
  const [, version] = digest.split("@", 2);
  return digest.startsWith(start) && (wantedVersion === undefined || wantedVersion === version);
}

async function lastLaunchedDigest(
  { home }: AppContext,
  service: { readonly runtimeId: string; readonly serviceId: string },
): Promise<string | null> {
  const { total } = await readTranscript(home, service, { start: 0, limit: 0 });
  // From the end: there are few entries between two launches.
  for (let end = total, width = 100; end > 0; width = Math.min(width * 4, MAX_READ_LIMIT)) {
    const start = Math.max(0, end - width);
    const { items } = await readTranscript(home, service, { start, limit: end - start });
    const launched = items.findLast((item) => item.type === "launched");
    if (launched !== undefined) return launched.config_digest ?? null;
    if (items.length === 0) return null;
    end = start;
  }
  return null;
}

function notKept(
  service: string,
  digest: string | null,
  kept: readonly ConfigBundle[],
): HaleError {
  const digests = kept.map(({ config_digest }) => config_digest);
  const what = digest === null
    ? `There is no stored configuration of ${service}: it was never launched`
    : `There is no stored configuration "${digest}" of ${service}`;
  const known = digests.length === 0 ? "" : ` Stored are: ${digests.join(", ")}.`;
  return new HaleError("store_missing", `${what}.${known}`, {
    fields: { service, digest, kept: digests },
  });
}
