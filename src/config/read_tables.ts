import { basename, join } from "../platform/path.ts";
import type { RuntimeSpec, StoreSpec } from "../model/service_spec.ts";
import type { Target } from "../model/target.ts";
import { supportsLimits, supportsSignals } from "../platform/mod.ts";
import { buildService } from "./build/build_service.ts";
import { checkDependencies } from "./build/check_dependencies.ts";
import { checkService } from "./build/check_service.ts";
import { defaultRuntimeId } from "./default_runtime_id.ts";
import { type KeyPath, NO_FILE, Problems } from "./schema/problems.ts";
import { nameFault, readService } from "./build/read_service.ts";
import { readStore } from "./build/read_store.ts";
import { resolveEndpoints } from "./build/resolve_endpoints.ts";
import { isTable } from "./schema/schema_values.ts";
import type { LoadContext } from "./build/service_draft.ts";
import { checkVersionVariable } from "./build/service_version.ts";

type LineOf = (path: KeyPath) => number | null;

/** What tables are read with. */
export interface ReadTablesOptions {
  /** Absolute path of the folder that relative paths start from. */
  readonly folder: string;
  /** The file they stand in; none for tables of a program. */
  readonly file?: { readonly path: string; readonly lineOf: LineOf };
  /** The environment: `${env.NAME}`, and the variables that presets name. */
  readonly env: Readonly<Record<string, string>>;
  /** The machine: `${os}` and `${arch}`. */
  readonly target: Target;
  /** Where hale keeps the data of a service that names no folder. */
  readonly dataDir: (runtimeId: string, service: string) => string;
}

/**
 * Reads the tables of a configuration: shape, presets, defaults, placeholders. Nothing is clamped
 * or guessed, and all that is wrong is reported at once.
 *
 * @param root The tables; whatever a file or a program has put there.
 * @param options What they are read with.
 * @returns The runtime with its services, in the order of the file.
 * @throws {HaleError} `config_invalid` If anything is wrong, `invalid_endpoint` if nothing but
 * endpoints are.
 */
export async function readTables(root: object, options: ReadTablesOptions): Promise<RuntimeSpec> {
  const { file, folder, env, target, dataDir } = options;
  const lineOf = file?.lineOf ?? (() => null);
  const problems = new Problems(file?.path ?? NO_FILE, lineOf);
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
    supportsSignals,
    problems,
  };
  const names = inOrderOfFile(services, lineOf);
  const drafts = names
    .map((service) => readService(service, services[service], problems))
    .filter((draft) => draft !== null);
  for (const draft of drafts) {
    checkService(draft, context);
    checkVersionVariable(draft, context);
  }
  checkDependencies(drafts, { names, problems });
  const endpoints = resolveEndpoints(drafts, context);
  const specs = drafts.map((draft) => buildService(draft, { drafts, endpoints }, context));
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
    problems.add([key], "there is no such key", { unknown: { word: key, known: ROOT_KEYS } });
  }
  const { name = null, store, services = {} } = value;
  if (!isTable(services)) {
    problems.add(["services"], "expected tables [services.NAME]", { value: services });
  } else if (
    Object.keys(services).length === 0 && Object.keys(value).every((key) => ROOT_KEYS.includes(key))
  ) {
    problems.add(["services"], "there is no service yet: add a table [services.NAME]");
  }
  return {
    name: readName(name, problems),
    store: readStore(store, problems),
    services: isTable(services) ? services : {},
  };
}

/** An object puts keys such as `1` before all others. */
function inOrderOfFile(
  services: Readonly<Record<string, unknown>>,
  lineOf: LineOf,
): string[] {
  const line = (service: string) => lineOf(["services", service]) ?? 0;
  return Object.keys(services).sort((a, b) => line(a) - line(b));
}

function readName(name: unknown, problems: Problems): string | null {
  if (name === null) return null;
  const fault = typeof name === "string" ? nameFault(name, { longest: 100 }) : "expected text";
  if (fault === null) return name as string;
  problems.add(["name"], `not a name for a runtime: ${fault}`, { value: name });
  return null;
}
