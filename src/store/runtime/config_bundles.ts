/**
 * The configurations of launches, by digest.
 *
 * @module
 */

import { basename, join } from "../../platform/path.ts";
import {
  type ConfigBundle,
  type ServiceSnapshot,
  SNAPSHOT_SCHEMA_VERSION,
} from "../../model/snapshots.ts";
import type { HealthCheck, HealthSpec } from "../../model/health_spec.ts";
import type { ProgramSpec } from "../../model/service_spec.ts";
import { redactUrl } from "../../text/redact_url.ts";
import { configName, readConfigBundle, snapshotText } from "../snapshot/snapshot.ts";
import { unreadable } from "../../files/io_error.ts";
import type { WriteBehind } from "../snapshot/write_behind.ts";
import { ifThere } from "../../files/if_there.ts";
import { isBelow } from "../../platform/is_below.ts";
import { listFolder } from "../../files/list_folder.ts";

/** Highest number of configurations that are kept for a service. */
export const MAX_CONFIG_BUNDLES = 100;

/**
 * Stores the configurations of launches: a file for each, written at its first launch. A launch with an
 * unchanged configuration writes nothing.
 */
export class ConfigBundles {
  readonly #writes: WriteBehind;
  /** Paths of files that exist. */
  readonly #kept = new Set<string>();

  /** @param writes Writes the files. */
  constructor(writes: WriteBehind) {
    this.#writes = writes;
  }

  /**
   * Stores the configuration of a service's launch, if it is not stored yet.
   *
   * @param folder Folder of the service's configurations.
   * @param snapshot The service.
   * @returns Settles once it is synced; null if there was nothing to write.
   * @throws {HaleError} `store_io` If it cannot be written.
   */
  keep(folder: string, snapshot: ServiceSnapshot): Promise<void> | null {
    const { launch, spec, config_digest } = snapshot;
    // A running launch with an older configuration was stored when it started.
    if (launch === null || launch.config_digest !== config_digest) return null;
    const path = join(folder, configName(config_digest));
    if (this.#kept.has(path)) return null;
    if (isKept(path)) {
      this.#kept.add(path);
      return null;
    }
    const bundle: ConfigBundle = {
      schema_version: SNAPSHOT_SCHEMA_VERSION,
      runtime_id: snapshot.runtime_id,
      service_id: snapshot.service_id,
      config_digest,
      first_launched_at: launch.at,
      binary: launch.binary,
      spec: {
        ...spec,
        program: withoutLogins(spec.program),
        health: withoutHeaderValues(spec.health),
        env: Object.keys(spec.env),
      },
    };
    const operation = `keep the configuration of service "${snapshot.service_id}"`;
    const durable = this.#writes.replace(path, snapshotText(bundle), operation);
    this.#kept.add(path);
    try {
      removeOldest(folder, path);
    } catch (error) {
      // The caller gets this error instead of the promise.
      durable.catch(() => {});
      throw error;
    }
    return durable;
  }

  /** Forgets the configurations of a service whose folder was removed. */
  forget(folder: string): void {
    for (const path of this.#kept) if (isBelow(path, folder)) this.#kept.delete(path);
  }
}

/** The URLs of a release may contain a password, which is not stored. */
function withoutLogins(program: ProgramSpec): ProgramSpec {
  if (program.kind !== "engine") return program;
  const { engine, engine: { release } } = program;
  const endpoint = release.endpoint === null ? null : redactUrl(release.endpoint);
  const url = redactUrl(release.url);
  const checksums = release.checksums.map(redactUrl);
  return { ...program, engine: { ...engine, release: { ...release, endpoint, url, checksums } } };
}

/** A header may be a password or a token, as a variable of the environment may. */
function withoutHeaderValues(health: HealthSpec | null): HealthSpec | null {
  if (health === null) return null;
  const { start, liveness } = health;
  return {
    ...health,
    check: withHiddenHeaders(health.check),
    start: start === null ? null : { ...start, check: withHiddenHeaders(start.check) },
    liveness: liveness === null ? null : { ...liveness, check: withHiddenHeaders(liveness.check) },
  };
}

function withHiddenHeaders(check: HealthCheck): HealthCheck {
  if (check.kind !== "http") return check;
  const headers = Object.fromEntries(Object.keys(check.headers).map((name) => [name, HIDDEN]));
  return { ...check, headers };
}

/** Replaces a value that is not kept. */
const HIDDEN = "(not kept)";

/**
 * Reads the stored configurations of a service.
 *
 * @param folder Folder of the configurations. A missing folder has none.
 * @param runtimeId The runtime to which they must belong.
 * @returns The configurations by their first launch, oldest first.
 * @throws {HaleError} `store_corrupt`, `wrong_runtime` or `store_io` If one of them is broken, belongs
 * to another runtime or cannot be read.
 */
export function readConfigBundles(folder: string, runtimeId: string): ConfigBundle[] {
  return namesIn(folder)
    .flatMap((name) => readConfigBundle(join(folder, name), runtimeId) ?? [])
    .sort((a, b) => a.first_launched_at < b.first_launched_at ? -1 : 1);
}

function removeOldest(folder: string, newest: string): void {
  const names = namesIn(folder).filter((name) => name !== basename(newest));
  if (names.length < MAX_CONFIG_BUNDLES) return;
  try {
    const byAge = names.map((name) => {
      const path = join(folder, name);
      // The file is never changed, so this is the time of the first launch.
      return { path, at: Deno.statSync(path).mtime?.getTime() ?? 0 };
    }).sort((a, b) => b.at - a.at);
    for (const { path } of byAge.slice(MAX_CONFIG_BUNDLES - 1)) Deno.removeSync(path);
  } catch (error) {
    throw unreadable("remove old configurations", folder, error);
  }
}

function namesIn(folder: string): string[] {
  return listFolder(folder, "read the configurations of a service").map(({ name }) => name)
    .filter((name) => name.endsWith(".json"));
}

function isKept(path: string): boolean {
  try {
    // A power cut may leave an empty file.
    return (ifThere(() => Deno.lstatSync(path))?.size ?? 0) > 0;
  } catch (error) {
    throw unreadable("keep a configuration", path, error);
  }
}
