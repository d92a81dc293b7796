import { packingOf, PACKINGS } from "../../model/packing.ts";
import { NO_CHECKSUMS } from "./build_release.ts";
import { checkHealth } from "./check_health.ts";
import { restartDelays } from "./restart_delays.ts";
import { NO_HEALTH, type ReleaseTable } from "../schema/schema.ts";
import { isTable } from "../schema/schema_values.ts";
import type { ProblemDetails } from "../schema/problems.ts";
import type { LoadContext, ServiceDraft } from "./service_draft.ts";
import { formatDuration } from "../../text/format_duration.ts";
import { versionOf } from "./service_version.ts";

/** Keys that need a program that hale starts. */
const STARTED_ONLY = [
  "bind_host",
  "bind_port",
  "args",
  "cwd",
  "env",
  "env_file",
  "inherit_env",
  "depends_on",
  "ready_after",
  "rerun",
  "data_dir",
  "restart",
  "stop",
  "limits",
  "logs",
];

/** Keys that need a release. */
const ENGINE_ONLY = ["binary", "binary_env", "local_builds", "auto_download", "on_mismatch"];

const NEEDS_RELEASE =
  "applies only to services with a release; remove it, and set the program with `command`";

const NEEDS_PROGRAM =
  "applies only to services that hale starts; add `command`, `preset` or `release`, or remove it";

/** The problem of a service without a program and without a check. */
export const NOTHING_TO_DO =
  "nothing to start and nothing to watch: add `command`, `preset`, `release` or `health`, " +
  'such as command = "node"';

/** What hale starts: an executable of a release, a command, or nothing. */
export type ServiceKind = "engine" | "command" | "unmanaged";

/**
 * Returns the kind of a service.
 *
 * @param draft The service.
 * @returns The kind.
 */
export function kindOfService({ table }: ServiceDraft): ServiceKind {
  if (table.release !== undefined) return "engine";
  return table.command === undefined ? "unmanaged" : "command";
}

/**
 * Reports keys of a service that exclude each other, and keys that are missing.
 *
 * @param draft The service.
 * @param context Where to report problems, and what the platform supports.
 */
export function checkService(draft: ServiceDraft, context: LoadContext): void {
  const { written, userKeys, preset, whole } = draft;
  const kind = kindOfService(draft);

  function report(key: readonly string[], message: string, details?: ProblemDetails): void {
    context.problems.add([...draft.path, ...key], message, details);
  }

  if ("command" in written && "release" in written) {
    const release = userKeys.has("release") ? "`release`" : `the release of the preset ${preset}`;
    report(
      ["command"],
      `a service has either a command or a release: remove \`command\` or ${release}; ` +
        "to run your own build of the released program, set `binary`",
      { value: written.command },
    );
  }
  checkLimits(draft, context);
  checkLogs(draft, context);
  checkRestart(draft, context);
  checkHealth(draft, report);
  // If a key was invalid and therefore removed, it must not be reported as missing too.
  if (!whole) return;
  if (kind === "engine") checkRelease(draft, context, report);
  else refuseKeys(ENGINE_ONLY, NEEDS_RELEASE);
  if (kind === "unmanaged") {
    refuseKeys(STARTED_ONLY, NEEDS_PROGRAM);
    const { health, endpoint } = draft.table;
    if (health === NO_HEALTH || (health === undefined && endpoint === undefined)) {
      report([], NOTHING_TO_DO);
    } else if (health !== undefined) {
      if (health.log !== undefined) {
        report(
          ["health", "log"],
          "hale reads the output only of services that it starts; use `http`, `tcp` or `exec`",
        );
      }
      for (const key of ["start", "liveness"] as const) {
        if (health[key] !== undefined) report(["health", key], NEEDS_PROGRAM);
      }
    }
  }

  function refuseKeys(keys: readonly string[], message: string): void {
    for (const key of keys) if (userKeys.has(key)) report([key], message);
  }
}

type Report = (key: readonly string[], message: string, details?: ProblemDetails) => void;

function checkRelease(draft: ServiceDraft, context: LoadContext, report: Report): void {
  const release = draft.table.release!;
  if (release.github !== undefined && release.url !== undefined) {
    report(["release", "url"], "a release has either `url` or `github`; remove one of the two", {
      value: release.url,
    });
  }
  if (release.github === undefined && release.url === undefined) {
    report(
      ["release"],
      'expected `github = "owner/repository"`, or `url` such as ' +
        (release.endpoint === undefined
          ? '"https://get.example.com/${version}/${asset}"'
          : '"${release.endpoint}/${version}/${asset}"'),
    );
  }
  if (release.asset === undefined) {
    report(
      ["release", "asset"],
      'missing: the file name of the artifact, such as "tool-${os}-${arch}"',
    );
  }
  if (release.tag !== undefined && release.github === undefined) {
    report(["release", "tag"], "applies only to releases on GitHub; add `github` or remove it", {
      value: release.tag,
    });
  }
  if (release.checksums === NO_CHECKSUMS && release.minisign !== undefined) {
    report(
      ["release", "minisign"],
      'minisign signs the checksums: remove `minisign` or checksums = "none"',
    );
  }
  if (Array.isArray(release.checksums) && release.checksums.includes(NO_CHECKSUMS)) {
    report(["release", "checksums"], 'write checksums = "none", or remove "none" from the list');
  }
  checkPacking(release, report);
  if (versionOf(draft, context).version === null) {
    const { version_env: variable } = draft.table;
    const other = variable === undefined ? "" : `, or set the environment variable ${variable}`;
    report(["version"], `missing: the version to use, such as "2.3.19"${other}`);
  }
}

/** Checks `bin` against the extension of `asset`, unless the extension is part of a placeholder. */
function checkPacking({ asset = "", bin }: ReleaseTable, report: Report): void {
  const ending = asset.slice(asset.lastIndexOf("}") + 1);
  if (ending === "") return;
  const packing = packingOf(ending);
  if (packing === null) {
    report(["release", "asset"], `unsupported archive format; hale unpacks ${PACKINGS}`, {
      value: asset,
    });
  } else if (bin === undefined && (packing === "tar.gz" || packing === "zip")) {
    report(
      ["release", "bin"],
      'missing: the path of the executable in the archive, such as "tool-${version}/tool"',
    );
  } else if (bin !== undefined && (packing === "gz" || packing === "plain")) {
    report(["release", "bin"], "applies only to .tar.gz, .tgz and .zip archives; remove it", {
      value: bin,
    });
  }
}

function checkRestart({ table, written, path }: ServiceDraft, { problems }: LoadContext): void {
  const { delay_ms: delay, max_delay_ms: maxDelay } = restartDelays(table.restart);
  if (delay > maxDelay) {
    const value = isTable(written.restart) ? written.restart.delay : undefined;
    problems.add(
      [...path, "restart", "delay"],
      `expected at most \`max_delay\`, which is "${formatDuration(maxDelay)}"`,
      { value },
    );
  }
}

function checkLimits({ table, path }: ServiceDraft, context: LoadContext): void {
  const { supportsLimits, supportsMemoryLimit, problems, target } = context;
  for (const key of ["memory", "open_files", "nice", "umask"] as const) {
    if (table.limits[key] === undefined) continue;
    if (!supportsLimits) {
      problems.add(
        [...path, "limits", key],
        `limits are not supported on ${target.os}; remove it`,
      );
    } else if (key === "memory" && !supportsMemoryLimit) {
      problems.add(
        [...path, "limits", key],
        `a memory limit is not supported on ${target.os}, because the system does not enforce it; ` +
          "remove it",
      );
    }
  }
}

function checkLogs({ table, path }: ServiceDraft, context: LoadContext): void {
  if (context.supportsSignals || table.logs.reopen_signal === undefined) return;
  context.problems.add(
    [...path, "logs", "reopen_signal"],
    `signals are not supported on ${context.target.os}; remove it`,
  );
}
