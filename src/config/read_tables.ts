import { basename, join } from "../platform/path.ts";
import type { RuntimeSpec, StoreSpec } from "../model/service_spec.ts";
import type { Target } from "../model/target.ts";
import { supportsLimits, supportsMemoryLimit, supportsSignals } from "../platform/mod.ts";
import { buildService } from "./build/build_service.ts";
import { checkDependencies } from "./build/check_dependencies.ts";
import { checkPatterns } from "./build/check_patterns.ts";
import { checkService } from "./build/check_service.ts";
import { defaultRuntimeId } from "./default_runtime_id.ts";
import { type FindLines, NO_FILE, NO_LINES, Problems } from "./schema/problems.ts";
import { nameFault, readService } from "./build/read_service.ts";
import { readStore } from "./build/read_store.ts";
import { resolveEndpoints } from "./build/resolve_endpoints.ts";
import { isTable } from "./schema/schema_values.ts";
import type { LoadContext } from "./build/service_draft.ts";
import { checkVersionVariable } from "./build/service_version.ts";
import { withFileDigest } from "./with_file_digest.ts";

/** Options of {@linkcode readTables}. */
export interface ReadTablesOptions {
  /** Absolute path of the folder that relative paths start from. */
  readonly folder: string;
  /** The file of the tables; absent for tables that a program passes. */
  readonly file?: { readonly path: string; readonly findLines: FindLines };
  /** The environment: for `${env.NAME}` and for keys such as `version_env`. */
  readonly env: Readonly<Record<string, string>>;
  /** The platform: for `${os}` and `${arch}`. */
  readonly target: Target;
  /** Returns the data folder of a service without `data_dir`. */
  readonly dataDir: (runtimeId: string, service: string) => string;
}

/**
 * Reads the tables of a configuration: checks them, applies presets and defaults, and fills in
 * placeholders. Invalid values are never clamped or guessed. All problems are reported at once.
 *
 * @param root The tables, not yet checked.
 * @param options The folder, the file, the environment and the platform.
 * @returns The runtime with its services, in the order of the file.
 * @throws {HaleError} `config_invalid` If there are problems, `invalid_endpoint` if all of them are
 * about endpoints.
 */
export async function readTables(root: object, options: ReadTablesOptions): Promise<RuntimeSpec> {
  const { file, folder, env, target, dataDir } = options;
  const findLines = file?.findLines ?? NO_LINES;
  const problems = new Problems(file?.path ?? NO_FILE, findLines);
  const { name, store, services } = readRoot(root as Readonly<Record<string, unknown>>, problems);
  const id = name ?? defaultRuntimeId(file?.path ?? join(folder, NO_FILE));
  const context: LoadContext = {
    fileName: file === undefined ? NO_FILE : basename(file.path),
    folder,
    runtimeId: id,
    env,
    target,
    dataDir,
    supportsLimits,
    supportsMemoryLimit,
    supportsSignals,
    problems,
  };
  const names = await inOrderOfFile(services, findLines);
  const drafts = names
    .map((service) => readService(service, services[service], problems))
    .filter((draft) => draft !== null);
  for (const draft of drafts) {
    checkService(draft, context);
    checkVersionVariable(draft, context);
  }
  checkDependencies(drafts, { names, problems });
  const endpoints = resolveEndpoints(drafts, context);
  const all = { drafts, endpoints };
  const specs = drafts.map((draft) =>
    withFileDigest(buildService(draft, all, context), { draft, all, context })
  );
  await checkPatterns(drafts, problems);
  await problems.throwIfAny();
  return { id, config_path: file?.path ?? null, store, services: specs };
}

const ROOT_KEYS = ["name", "services", "store"];

function readRoot(
  value: Readonly<Record<string, unknown>>,
  problems: Problems,
): { name: string | null; store: StoreSpec; services: Record<string, unknown> } {
  for (const key of Object.keys(value)) {
    if (ROOT_KEYS.includes(key)) continue;
    problems.add([key], "unknown key", { unknown: { word: key, known: ROOT_KEYS } });
  }
  const { name = null, store, services = {} } = value;
  if (!isTable(services)) {
    problems.add(
      ["services"],
      'expected a table for each service, such as [services.web] with command = "node"',
      { value: services },
    );
  } else if (
    Object.keys(services).length === 0 && Object.keys(value).every((key) => ROOT_KEYS.includes(key))
  ) {
    problems.add(
      ["services"],
      'no services: add a table such as [services.web] with command = "node"',
    );
  }
  return {
    name: readName(name, problems),
    store: readStore(store, problems),
    services: isTable(services) ? services : {},
  };
}

/** JavaScript objects list integer keys such as `1` first, so the order is restored by line. */
async function inOrderOfFile(
  services: Readonly<Record<string, unknown>>,
  findLines: FindLines,
): Promise<string[]> {
  const names = Object.keys(services);
  if (!names.some((name) => /^[0-9]+$/.test(name))) return names;
  const lineOf = await findLines();
  const line = (service: string) => lineOf(["services", service]) ?? 0;
  return names.sort((a, b) => line(a) - line(b));
}

function readName(name: unknown, problems: Problems): string | null {
  if (name === null) return null;
  const fault = typeof name === "string"
    ? nameFault(name, { longest: 100 })
    : "expected a string in quotes";
  if (fault === null) return name as string;
  problems.add(["name"], `not a valid runtime name: ${fault}`, { value: name });
  return null;
}
