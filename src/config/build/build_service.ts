import { basename, resolve } from "../../platform/path.ts";
import type { EngineSpec, ProgramSpec, ServiceSpec } from "../../model/service_spec.ts";
import { buildHealth } from "./build_health.ts";
import { buildRelease } from "./build_release.ts";
import { kindOfService } from "./check_service.ts";
import { defaultRerun, dependenciesOf } from "./dependencies.ts";
import { restartDelays } from "./restart_delays.ts";
import { buildScope, type ResolvedEndpoint } from "./build_scope.ts";
import { createFill, createPathReader, type Fill } from "./fill.ts";
import type { LoadContext, ServiceDraft } from "./service_draft.ts";
import { versionOf } from "./service_version.ts";

/**
 * Builds a service from its draft: fills in placeholders and makes paths absolute.
 *
 * @param draft The service.
 * @param options `drafts`: all services. `endpoints`: their endpoints by name.
 * @param context The environment, and where to report problems.
 * @returns The service. It must not be used if a problem was reported.
 */
export function buildService(
  draft: ServiceDraft,
  options: {
    drafts: readonly ServiceDraft[];
    endpoints: ReadonlyMap<string, ResolvedEndpoint>;
  },
  context: LoadContext,
): ServiceSpec {
  const { table, name } = draft;
  const endpoint = options.endpoints.get(name) ?? null;
  const { scope, dataDir } = buildScope(draft, context, options);
  const fill = createFill(draft, scope, context);
  const path = createPathReader(fill, context.folder);
  return {
    name,
    program: buildProgram(draft, fill, context),
    args: table.args.map((arg, index) => fill(["args", index], arg) ?? ""),
    cwd: path("cwd", table.cwd) ?? context.folder,
    data_dir: dataDir,
    env: Object.fromEntries(
      Object.entries(table.env).map(([key, value]) => [key, fill(["env", key], value) ?? ""]),
    ),
    env_file: path("env_file", table.env_file),
    inherit_env: table.inherit_env,
    depends_on: dependenciesOf(draft, options.drafts),
    ready_after_ms: table.ready_after,
    rerun: table.rerun ?? defaultRerun(draft, options.drafts),
    endpoint: endpoint === null || endpoint === "refused" ? null : endpoint.url,
    version: versionOf(draft, context).version,
    health: buildHealth(
      draft,
      { address: { endpoint, bind: scope.places.bind!() }, fill },
      context,
    ),
    restart: {
      policy: table.restart.policy,
      max: table.restart.max,
      window_ms: table.restart.window,
      ...restartDelays(table.restart),
      reset_after_ms: table.restart.reset_after,
      pause_ms: table.restart.pause,
      success: table.restart.success,
    },
    stop: {
      signal: table.stop.signal,
      command:
        table.stop.command?.map((part, index) => fill(["stop", "command", index], part) ?? "") ??
          null,
      timeout_ms: table.stop.timeout ??
        defaultStopTimeoutMs(table.stop.command !== undefined, context),
    },
    limits: {
      memory_bytes: table.limits.memory ?? null,
      open_files: table.limits.open_files ?? null,
      nice: table.limits.nice ?? null,
      umask: table.limits.umask ?? null,
    },
    logs: {
      max_size_bytes: table.logs.max_size,
      keep: table.logs.keep,
      reopen_signal: table.logs.reopen_signal ?? null,
    },
  };
}

/**
 * Returns the grace period of a service whose table has none. Without signals, a program without a window
 * learns nothing of the stop unless there is a command for it: to wait is of no use.
 *
 * @param hasCommand Whether `stop.command` is set.
 * @param context Whether the platform has signals.
 * @returns Milliseconds.
 */
export function defaultStopTimeoutMs(
  hasCommand: boolean,
  { supportsSignals }: Pick<LoadContext, "supportsSignals">,
): number {
  return supportsSignals || hasCommand ? 30_000 : 2_000;
}

function buildProgram(draft: ServiceDraft, fill: Fill, context: LoadContext): ProgramSpec {
  const { table } = draft;
  switch (kindOfService(draft)) {
    case "unmanaged":
      return { kind: "unmanaged" };
    case "command": {
      const command = fill(["command"], table.command!) ?? "";
      // A bare name is searched on PATH.
      const isPath = basename(command) !== command;
      return { kind: "command", command: isPath ? resolve(context.folder, command) : command };
    }
    case "engine":
      return { kind: "engine", engine: buildEngine(draft, fill, context) };
  }
}

function buildEngine(draft: ServiceDraft, fill: Fill, context: LoadContext): EngineSpec {
  const { table } = draft;
  const { version, source } = versionOf(draft, context);
  return {
    name: draft.preset ?? draft.name,
    version: version ?? "",
    version_source: source,
    file_digest: null,
    binary: createPathReader(fill, context.folder)("binary", table.binary),
    binary_env: table.binary_env ?? null,
    local_builds: table.local_builds,
    local_root: context.folder,
    auto_download: table.auto_download,
    on_mismatch: table.on_mismatch,
    release: buildRelease(draft, fill, context),
  };
}
