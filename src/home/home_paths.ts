/**
 * Where everything stands below a home.
 *
 * @module
 */

import { join } from "../platform/path.ts";
import { safeName } from "./safe_name.ts";
import { ensurePrivateFolder } from "../files/private_folder.ts";
import { assertHomePermissions } from "./home_permissions.ts";

/** Paths of what all runtimes share. */
export interface HomePaths {
  readonly home: string;
  readonly policy: string;
  readonly auditFolder: string;
  readonly audit: string;
  /** Held by whoever appends to the audit log: the supervisor and commands take turns. */
  readonly auditLock: string;
  readonly cache: string;
  readonly supervisorFolder: string;
  /** A kernel lock: its existence proves nothing. */
  readonly supervisorLock: string;
  /** Held while somebody starts a supervisor. */
  readonly supervisorStartLock: string;
  /** Its modification time is that of the last start in the background. */
  readonly supervisorStart: string;
  readonly supervisorEndpoint: string;
  readonly supervisorLog: string;
  readonly runtimes: string;
  /** What hale 0.1.0 kept of each `hale.toml`; a supervisor removes it. */
  readonly configCache: string;
}

/** Paths of one runtime. */
export interface RuntimePaths {
  readonly folder: string;
  readonly snapshot: string;
  readonly events: string;
  /** Who follows the events, and how far each is. */
  readonly followers: string;
  readonly services: string;
}

/** Paths of one service. */
export interface ServicePaths {
  readonly folder: string;
  readonly snapshot: string;
  readonly environment: string;
  /** What it was launched with, a file for each configuration. */
  readonly configs: string;
  readonly transcript: string;
  readonly logs: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly launches: string;
  /** The service's own; hale creates it and never looks inside. */
  readonly data: string;
}

/**
 * Where the parts of a home stand.
 *
 * @param home Absolute path of the home.
 * @returns Paths; nothing is created.
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
 * Where the parts of a runtime stand.
 *
 * @param home Absolute path of the home.
 * @param runtimeId The runtime.
 * @returns Paths; nothing is created.
 * @throws {HaleError} `config_invalid` If the id is not well-formed Unicode.
 */
export function runtimePaths(home: string, runtimeId: string): RuntimePaths {
  return runtimePathsIn(join(home, "runtimes", safeName(runtimeId)));
}

/**
 * Where the parts of a runtime stand whose folder is known.
 *
 * @param folder Its folder.
 * @returns Paths; nothing is created.
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
 * Where the parts of a service stand.
 *
 * @param runtime Paths of its runtime.
 * @param serviceId The service.
 * @returns Paths; nothing is created.
 * @throws {HaleError} `config_invalid` If the id is not well-formed Unicode.
 */
export function servicePaths(runtime: RuntimePaths, serviceId: string): ServicePaths {
  return servicePathsIn(join(runtime.services, safeName(serviceId)));
}

/**
 * Where the parts of a service stand whose folder is known.
 *
 * @param folder Its folder.
 * @returns Paths; nothing is created.
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
 * Creates a home where there is none, readable by its owner alone.
 *
 * @param home Absolute path of the home.
 * @throws {HaleError} `store_io` If the system refuses it, `store_corrupt` if a file stands there,
 * `unsafe_home` if others can write to it.
 */
export function ensureHome(home: string): void {
  if (!ensurePrivateFolder(home, "create the home")) assertHomePermissions(home);
}
