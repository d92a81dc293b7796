import { HaleError } from "../errors.ts";
import { type Target, targetName } from "../model/target.ts";
import { expandTemplate, TemplateError } from "../model/template.ts";
import type { EngineSpec } from "../model/service_spec.ts";

/** Where one artifact of a release is published. */
export interface ReleaseArtifact {
  /** File name of the artifact, as the checksums name it. */
  readonly asset: string;
  readonly url: string;
  readonly checksumsUrl: string;
  /** Member of the archive that is the executable; null where the artifact is the executable. */
  readonly bin: string | null;
}

/**
 * Where an engine's executable for a target is published.
 *
 * @param engine The engine.
 * @param target The machine it is to run on, which need not be this one.
 * @returns The artifact.
 * @throws {HaleError} `binary_unavailable` If the release has nothing for the target.
 * @throws {HaleError} `config_invalid` If the version or a template cannot be used.
 * @throws {HaleError} `invalid_endpoint` If no http, https or file URL comes out.
 */
export function releaseArtifact(engine: EngineSpec, target: Target): ReleaseArtifact {
  checkVersion(engine);
  const { release } = engine;
  const endpoint = trimmedEndpoint(engine);
  const names: Record<string, string> = {
    version: engine.version,
    os: release.os[target.os] ?? target.os,
    arch: release.arch[target.arch] ?? target.arch,
    target: vendorTarget(engine, target),
    ...(endpoint === null ? {} : { "release.endpoint": endpoint }),
  };
  const asset = expand(engine, "asset", names);
  const bin = release.bin === null ? null : expand(engine, "bin", { ...names, asset });
  const inUrl = { ...names, version: escapePath(engine.version), asset: escapePath(asset) };
  let url: string;
  let checksumsUrl: string;
  if (release.github === null) {
    url = expand(engine, "url", inUrl);
    checksumsUrl = expand(engine, "checksums", inUrl);
  } else {
    const base = `${endpoint ?? GITHUB}/${release.github}/releases/download/v${inUrl.version}`;
    url = `${base}/${inUrl.asset}`;
    checksumsUrl = `${base}/${escapePath(expand(engine, "checksums", { ...names, asset }))}`;
  }
  return { asset, url: checkUrl(engine, url), checksumsUrl: checkUrl(engine, checksumsUrl), bin };
}

const GITHUB = "https://github.com";

function trimmedEndpoint(engine: EngineSpec): string | null {
  const { endpoint } = engine.release;
  if (endpoint === null) return null;
  // Before it is trimmed: "http://" without a host would take a host from what follows.
  checkUrl(engine, endpoint);
  return endpoint.replace(/\/+$/, "");
}

function checkVersion(engine: EngineSpec): void {
  // Becomes part of URLs and paths: nothing that could lead out of either.
  if (/^[\p{L}\p{N}][^\s\p{Cc}/\\]*$/u.test(engine.version)) return;
  throw new HaleError(
    "config_invalid",
    `${engine.name} cannot have the version ${JSON.stringify(engine.version)} ` +
      `(from ${engine.version_source}): a version starts with a letter or digit and has no ` +
      'spaces or slashes, such as "2.3.19".',
    { fields: { key: "version", value: engine.version, source: engine.version_source } },
  );
}

function vendorTarget(engine: EngineSpec, target: Target): string {
  const { targets } = engine.release;
  const name = targetName(target);
  const words = targets[name];
  if (words !== undefined) return words;
  const known = Object.keys(targets);
  if (known.length === 0) return name;
  throw new HaleError(
    "binary_unavailable",
    `${engine.name} has no release for ${name}, only for ${known.join(", ")}. ` +
      `Build ${engine.name} yourself and set \`binary\`` +
      (engine.binary_env === null ? "" : ` or ${engine.binary_env}`) + " to it.",
    { fields: { engine: engine.name, target: name, targets: known } },
  );
}

function expand(
  engine: EngineSpec,
  key: "asset" | "bin" | "url" | "checksums",
  names: Readonly<Record<string, string>>,
): string {
  try {
    return expandTemplate(
      engine.release[key] ?? "",
      (name) => Object.hasOwn(names, name) ? names[name] : undefined,
    );
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new HaleError(
      "config_invalid",
      `release.${key} of ${engine.name} cannot be filled in: ${error.message}. ` +
        `Known here: ${Object.keys(names).join(", ")}.`,
      { fields: { key: `release.${key}`, value: engine.release[key] }, cause: error },
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
    `${JSON.stringify(text)} is not a URL that ${engine.name} can be fetched from. ` +
      "The releases endpoint must start with https://, http:// or file://.",
    { fields: { engine: engine.name, url: text } },
  );
}
