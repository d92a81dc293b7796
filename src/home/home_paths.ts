/**
 * Paths of the files and folders in a home.
 *
 * @module
 */

import { join } from "../platform/path.ts";
import { safeName } from "./safe_name.ts";
import { ensurePrivateFolder } from "../files/private_folder.ts";
import { assertHomePermissions } from "./home_permissions.ts";

/** Paths that all runtimes share. */
export interface HomePaths {
  readonly home: string;
  readonly policy: string;
  readonly auditFolder: string;
  readonly audit: string;
  /** Locked by the process that appends to the audit log: the supervisor or a command. */
  readonly auditLock: string;
  readonly cache: string;
  readonly supervisorFolder: string;
  /** Locked by the supervisor. The file remains after it: only the kernel's lock counts. */
  readonly supervisorLock: string;
  /** Locked by the process that starts a supervisor. */
  readonly supervisorStartLock: string;
  /** Its modification time is that of the last start in the background. */
  readonly supervisorStart: string;
  readonly supervisorEndpoint: string;
  readonly supervisorLog: string;
  readonly runtimes: string;
  /** The cache of hale 0.1.0 for parsed `hale.toml` files; the supervisor removes it. */
  readonly configCache: string;
}

/** Paths of one runtime. */
export interface RuntimePaths {
  readonly folder: string;
  readonly snapshot: string;
  readonly events: string;
  /** Leases of the processes that follow the events. */
  readonly followers: string;
  readonly services: string;
}

/** Paths of one service. */
export interface ServicePaths {
  readonly folder: string;
  readonly snapshot: string;
  readonly environment: string;
  /** The configurations of its launches, one file each. */
  readonly configs: string;
  readonly transcript: string;
  readonly logs: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly launches: string;
  /** Data of the service itself: hale creates the folder and never reads it. */
  readonly data: string;
}

/**
 * Returns the paths in a home.
 *
 * @param home Absolute path of the home.
 * @returns The paths. Nothing is created.
 */
export function homePaths(home: string): HomePaths {
  const auditFolder = join(home, "audit");
  const supervisorFolder = join(home, "supervisor");
  return {
    home,
    policy: join(home, "policy.toml"),
    auditFolder,
    audit: join(auditFolder, "audit.jsonl"),
    auditLock: join(auditFolder, "lock"),
    cache: join(home, "cache"),
    supervisorFolder,
    supervisorLock: join(supervisorFolder, "lock"),
    supervisorStartLock: join(supervisorFolder, "start.lock"),
    supervisorStart: join(supervisorFolder, "background_start"),
    supervisorEndpoint: join(supervisorFolder, "endpoint.json"),
    supervisorLog: join(supervisorFolder, "log"),
    runtimes: join(home, "runtimes"),
    configCache: join(home, "projects"),
  };
}

/**
 * Returns the paths of a runtime.
 *
 * @param home Absolute path of the home.
 * @param runtimeId The runtime.
 * @returns The paths. Nothing is created.
 * @throws {HaleError} `config_invalid` If the id is not well-formed Unicode.
 */
export function runtimePaths(home: string, runtimeId: string): RuntimePaths {
  return runtimePathsIn(join(home, "runtimes", safeName(runtimeId)));
}

/**
 * Returns the paths of a runtime by its folder.
 *
 * @param folder The folder of the runtime.
 * @returns The paths. Nothing is created.
 */
export function runtimePathsIn(folder: string): RuntimePaths {
  return {
    folder,
    snapshot: join(folder, "runtime.json"),
    events: join(folder, "events.jsonl"),
    followers: join(folder, "followers"),
    services: join(folder, "services"),
  };
}

/**
 * Returns the paths of a service.
 *
 * @param runtime Paths of its runtime.
 * @param serviceId The service.
 * @returns The paths. Nothing is created.
 * @throws {HaleError} `config_invalid` If the id is not well-formed Unicode.
 */
export function servicePaths(runtime: RuntimePaths, serviceId: string): ServicePaths {
  return servicePathsIn(join(runtime.services, safeName(serviceId)));
}

/**
 * Returns the paths of a service by its folder.
 *
 * @param folder The folder of the service.
 * @returns The paths. Nothing is created.
 */
export function servicePathsIn(folder: string): ServicePaths {
  const logs = join(folder, "logs");
  return {
    folder,
    snapshot: join(folder, "service.json"),
    environment: join(folder, "environment.json"),
    configs: join(folder, "configs"),
    transcript: join(folder, "transcript.jsonl"),
    logs,
    stdout: join(logs, "stdout.log"),
    stderr: join(logs, "stderr.log"),
    launches: join(folder, "launches"),
    data: join(folder, "data"),
  };
}

/**
 * Creates a home, accessible only to its owner, if it does not exist.
 *
 * @param home Absolute path of the home.
 * @throws {HaleError} `store_io` If it cannot be created, `store_corrupt` if the path is a file,
 * `unsafe_home` if other users can write to it.
 */
export function ensureHome(home: string): void {
  if (!ensurePrivateFolder(home, "create the home")) assertHomePermissions(home);
}
