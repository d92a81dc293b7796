import { packingOf, PACKINGS } from "../../model/packing.ts";
import { NO_CHECKSUMS } from "./build_release.ts";
import type { ReleaseTable } from "../schema/schema.ts";
import { isTable } from "../schema/schema_values.ts";
import type { ProblemDetails } from "../schema/problems.ts";
import type { LoadContext, ServiceDraft } from "./service_draft.ts";
import { versionOf } from "./service_version.ts";

/** Keys that say how a program is started and kept. */
const STARTED_ONLY = [
  "bind_host",
  "bind_port",
  "args",
  "cwd",
  "env",
  "env_file",
  "inherit_env",
  "depends_on",
  "data_dir",
  "restart",
  "stop",
  "limits",
  "logs",
];

/** Keys that say how an executable is found. */
const ENGINE_ONLY = ["binary", "binary_env", "local_builds", "auto_download", "on_mismatch"];

const HEALTH_KINDS = ["http", "tcp", "exec", "log"];

/** What starts a service: a release, a command, or somebody else. */
export type ServiceKind = "engine" | "command" | "unmanaged";

/**
 * What starts a service.
 *
 * @param draft The service.
 * @returns The kind.
 */
export function kindOfService({ table }: ServiceDraft): ServiceKind {
  if (table.release !== undefined) return "engine";
  return table.command === undefined ? "unmanaged" : "command";
}

/**
 * Reports keys of a service that do not go together, and those that are missing.
 *
 * @param draft The service.
 * @param context Where to report, and what the platform can do.
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
      `a service has a command or a release, not both: drop \`command\` or ${release}. ` +
        "An executable of your own in place of the release's is named by `binary`",
      { value: written.command },
    );
  }
  checkLimits(draft, context);
  checkLogs(draft, context);
  checkRestart(draft, context);
  checkHealth(draft, report);
  // A key that was refused may be the one that is missed here.
  if (!whole) return;
  if (kind === "engine") checkRelease(draft, context, report);
  else refuseKeys(ENGINE_ONLY, "only a service with a release has it; name a program by `command`");
  if (kind === "unmanaged") {
    refuseKeys(
      STARTED_ONLY,
      "only a service that hale starts has it; add `command`, `preset` or `release`",
    );
    if (draft.table.health === undefined) {
      report(
        [],
        "nothing to start and nothing to watch: add `command`, `preset`, `release` or `health`",
      );
    } else if (draft.table.health.log !== undefined) {
      report(["health", "log"], "hale sees the output only of services that it starts");
    }
  }

  function refuseKeys(keys: readonly string[], message: string): void {
    for (const key of keys) if (userKeys.has(key)) report([key], message);
  }
}

type Report = (key: readonly string[], message: string, details?: ProblemDetails) => void;

function checkHealth({ written, whole }: ServiceDraft, report: Report): void {
  const { health } = written;
  if (!isTable(health)) return;
  const kinds = HEALTH_KINDS.filter((kind) => kind in health);
  const all = HEALTH_KINDS.map((kind) => `\`${kind}\``).join(", ");
  if (kinds.length > 1) {
    report(["health"], `expected one of ${all}, got ${kinds.join(" and ")}`);
  } else if (kinds.length === 0 && whole) {
    report(["health"], `expected one of ${all}`);
  }
  if (kinds.length === 0 || kinds.includes("http")) return;
  for (const key of ["expect", "identify"]) {
    if (key in health) report(["health", key], "only an `http` check has an answer to compare");
  }
}

function checkRelease(draft: ServiceDraft, context: LoadContext, report: Report): void {
  const release = draft.table.release!;
  if (release.github !== undefined && release.url !== undefined) {
    report(["release", "url"], "GitHub's own URLs are used: drop `url` or `github`", {
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
    report(["release", "tag"], "only a release on GitHub has one: add `github`, or drop `tag`", {
      value: release.tag,
    });
  }
  if (release.checksums === NO_CHECKSUMS && release.minisign !== undefined) {
    report(["release", "minisign"], "without checksums nothing is signed: drop one of the two");
  }
  if (Array.isArray(release.checksums) && release.checksums.includes(NO_CHECKSUMS)) {
    report(["release", "checksums"], '"none" stands alone, not in a list');
  }
  checkPacking(release, report);
  if (versionOf(draft, context).version === null) {
    const { version_env: variable } = draft.table;
    const other = variable === undefined ? "" : `, or set the environment variable ${variable}`;
    report(["version"], `missing: the release to use, such as "2.3.19"${other}`);
  }
}

/** What the end of the asset's name says of how it is packed, where that end is written out. */
function checkPacking({ asset = "", bin }: ReleaseTable, report: Report): void {
  const ending = asset.slice(asset.lastIndexOf("}") + 1);
  if (ending === "") return;
  const packing = packingOf(ending);
  if (packing === null) {
    report(["release", "asset"], `hale unpacks ${PACKINGS}, nothing else`, { value: asset });
  } else if (bin === undefined && (packing === "tar.gz" || packing === "zip")) {
    report(
      ["release", "bin"],
      'missing: the member of the archive that is the executable, such as "tool-${version}/tool"',
    );
  } else if (bin !== undefined && (packing === "gz" || packing === "plain")) {
    report(["release", "bin"], "only a .tar.gz, .tgz or .zip has members: drop it", { value: bin });
  }
}

function checkRestart({ table, path }: ServiceDraft, { problems }: LoadContext): void {
  const { delay, max_delay: maxDelay } = table.restart;
  if (delay > maxDelay) {
    problems.add([...path, "restart", "delay"], "expected at most `max_delay`", {});
  }
}

function checkLimits({ table, path }: ServiceDraft, context: LoadContext): void {
  if (context.supportsLimits) return;
  for (const key of ["memory", "open_files", "nice", "umask"] as const) {
    if (table.limits[key] === undefined) continue;
    context.problems.add(
      [...path, "limits", key],
      `this system (${context.target.os}) cannot hold a service to it; leave it out here`,
    );
  }
}

function checkLogs({ table, path }: ServiceDraft, context: LoadContext): void {
  if (context.supportsSignals || table.logs.reopen_signal === undefined) return;
  context.problems.add(
    [...path, "logs", "reopen_signal"],
    `this system (${context.target.os}) has no signals; leave it out here`,
  );
}
