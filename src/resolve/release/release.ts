import { HaleError } from "../../errors.ts";
import { type Packing, packingOf, PACKINGS } from "../../model/packing.ts";
import { type Target, targetName } from "../../model/target.ts";
import { trimEnd } from "../../text/trim_end.ts";
import { expandTemplate, TemplateError } from "../../text/template.ts";
import type { EngineSpec } from "../../model/service_spec.ts";
import { isVersion } from "../../text/release_version.ts";
import { redactUrl } from "../../text/redact_url.ts";
import { memberPath } from "../archive/member_path.ts";
import { executableName } from "../executable/executable_name.ts";

/** Where an artifact of a release is published and how it is verified. */
export interface ReleaseArtifact {
  /** File name of the artifact in the checksum file. */
  readonly asset: string;
  readonly url: string;
  readonly packing: Packing;
  /** Path of the executable in the archive; null if the artifact is not an archive. */
  readonly bin: string | null;
  /** URLs of the checksum files, in the order in which they are tried. May be empty. */
  readonly checksumsUrls: readonly string[];
  /** The checksum in the configuration, lower-case hex; null if it has none. */
  readonly sha256: string | null;
  /** Public key that must have signed the checksums; null if no signature is required. */
  readonly minisign: string | null;
}

/**
 * Returns where an engine's executable for a target is published.
 *
 * @param engine The engine.
 * @param target The target, which may differ from this machine.
 * @returns The artifact.
 * @throws {HaleError} `binary_unavailable` If nothing is released for the target.
 * @throws {HaleError} `config_invalid` If the version, a template or the packing is not valid.
 * @throws {HaleError} `invalid_endpoint` If the result is not an http, https or file URL.
 */
export function releaseArtifact(engine: EngineSpec, target: Target): ReleaseArtifact {
  checkVersion(engine);
  const { release } = engine;
  const endpoint = trimmedEndpoint(engine);
  const names: Record<string, string> = {
    ...vendorNames(engine, target),
    ...(endpoint === null ? {} : { "release.endpoint": endpoint }),
  };
  const asset = expand(engine, { key: "asset", template: release.asset, names });
  const packing = checkPacking(engine, asset);
  const inUrl = { ...names, version: escapePath(engine.version), asset: escapePath(asset) };
  const url = checkUrl(
    engine,
    release.github === null
      ? expand(engine, { key: "url", template: release.url, names: inUrl })
      : `${endpoint ?? GITHUB}/${release.github}/releases/download/` +
        `${
          escapePath(expand(engine, { key: "tag", template: release.tag, names }))
        }/${inUrl.asset}`,
  );
  const bin = release.bin === null || !hasMembers(packing)
    ? null
    : memberOf(engine, { template: release.bin, names: { ...names, asset } }, target);
  return {
    asset,
    url,
    packing,
    bin,
    checksumsUrls: release.checksums.map((template) =>
      checksumsUrl(engine, { template, url, names: { ...names, asset }, inUrl })
    ),
    sha256: release.sha256[targetName(target)] ?? null,
    minisign: release.minisign,
  };
}

const GITHUB = "https://github.com";

function trimmedEndpoint(engine: EngineSpec): string | null {
  const { endpoint } = engine.release;
  if (endpoint === null) return null;
  // Before trimming: "http://" without a host would take its host from the path that follows.
  checkUrl(engine, endpoint);
  return trimEnd(endpoint, "/");
}

function checkVersion(engine: EngineSpec): void {
  // The version becomes part of URLs and paths and must not lead out of them.
  if (isVersion(engine.version)) return;
  throw new HaleError(
    "config_invalid",
    `${JSON.stringify(engine.version)} (from ${engine.version_source}) is not a valid version of ` +
      `${engine.name}. A version starts with a letter or digit and has no spaces or slashes, such ` +
      'as "2.3.19".',
    { fields: { key: "version", value: engine.version, source: engine.version_source } },
  );
}

function checkPacking({ name, release }: EngineSpec, asset: string): Packing {
  const packing = packingOf(asset);
  // A release may be an archive on one system only; `bin` is ignored on the others.
  if (packing !== null && (!hasMembers(packing) || release.bin !== null)) return packing;
  const [key, message] = packing === null
    ? ["release.asset", `hale cannot unpack ${asset}. It unpacks ${PACKINGS}`]
    : ["release.bin", `${asset} is an archive. Set \`release.bin\` to the executable's path in it`];
  throw new HaleError("config_invalid", `Cannot use the release of ${name}: ${message}.`, {
    fields: { key, value: asset, engine: name },
  });
}

function hasMembers(packing: Packing): boolean {
  return packing === "tar.gz" || packing === "zip";
}

function memberOf(
  engine: EngineSpec,
  { template, names }: { template: string; names: Readonly<Record<string, string>> },
  target: Target,
): string {
  const written = expand(engine, { key: "bin", template, names });
  const path = memberPath(executableName(written, target), target.os);
  if (path !== null && path !== "") return path;
  throw new HaleError(
    "config_invalid",
    `\`release.bin\` of ${engine.name} is ${JSON.stringify(written)}: expected a path in the ` +
      'archive with forward slashes, such as "tool-1.2/tool".',
    { fields: { key: "release.bin", value: written, engine: engine.name } },
  );
}

/** The vendor's words for the target. They may contain the version, and that of `targets` the others. */
function vendorNames(engine: EngineSpec, target: Target): Record<string, string> {
  const { version, release } = engine;
  const word = (key: string, template: string | undefined, names: Record<string, string>) =>
    template === undefined ? undefined : expand(engine, { key, template, names });
  const os = word("os", release.os[target.os], { version }) ?? target.os;
  const arch = word("arch", release.arch[target.arch], { version }) ?? target.arch;
  const names = { version, os, arch };
  const words = release.targets[targetName(target)];
  return { ...names, target: word("targets", words, names) ?? plainTarget(engine, target) };
}

/** Our own name of the target, if the vendor has no names of its own. */
function plainTarget(engine: EngineSpec, target: Target): string {
  const { targets } = engine.release;
  const name = targetName(target);
  const known = Object.keys(targets);
  if (known.length === 0) return name;
  throw new HaleError(
    "binary_unavailable",
    `${engine.name} is not released for ${name}, only for ${known.join(", ")}. ` +
      "Build it from source and set `binary`" +
      (engine.binary_env === null ? "" : ` or ${engine.binary_env}`) + " to its path.",
    { fields: { engine: engine.name, target: name, targets: known } },
  );
}

/** A value that is not a URL is a file name in the folder of the artifact. */
function checksumsUrl(
  engine: EngineSpec,
  { template, url, names, inUrl }: {
    template: string;
    url: string;
    names: Readonly<Record<string, string>>;
    inUrl: Readonly<Record<string, string>>;
  },
): string {
  const location = expand(engine, { key: "checksums", template, names: inUrl });
  if (/^[a-z][a-z0-9+.-]*:/i.test(location)) return checkUrl(engine, location);
  const name = expand(engine, { key: "checksums", template, names });
  const [path] = url.split(/[?#]/, 1) as [string];
  return new URL(path.slice(0, path.lastIndexOf("/") + 1) + escapePath(name)).href;
}

function expand(
  engine: EngineSpec,
  { key, template, names }: {
    key: string;
    template: string;
    names: Readonly<Record<string, string>>;
  },
): string {
  try {
    return expandTemplate(
      template,
      (name) => Object.hasOwn(names, name) ? names[name] : undefined,
    );
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new HaleError(
      "config_invalid",
      `Cannot expand \`release.${key}\` of ${engine.name}: ${error.message}. ` +
        `Available: ${Object.keys(names).join(", ")}.`,
      { fields: { key: `release.${key}`, value: template }, cause: error },
    );
  }
}

function escapePath(text: string): string {
  return text.split("/").map(encodeURIComponent).join("/");
}

function checkUrl(engine: EngineSpec, text: string): string {
  const url = URL.parse(text);
  if (url !== null && ["http:", "https:", "file:"].includes(url.protocol)) return url.href;
  throw new HaleError(
    "invalid_endpoint",
    `Cannot download ${engine.name} from ${JSON.stringify(redactUrl(text))}: it is not a valid ` +
      "URL. The releases endpoint must start with https://, http:// or file://.",
    { fields: { engine: engine.name, url: redactUrl(text) } },
  );
}
