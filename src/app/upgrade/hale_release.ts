/**
 * The releases of hale itself, on GitHub.
 *
 * @module
 */

import { trimEnd } from "../../text/trim_end.ts";
import { canParse } from "@std/semver";
import { readTables } from "../../config/read_tables.ts";
import { HaleError } from "../../errors.ts";
import type { EngineSpec } from "../../model/service_spec.ts";
import { hostTarget } from "../../platform/mod.ts";
import { downloadFailed } from "../../resolve/download/download_failed.ts";
import { httpGet } from "../../resolve/download/http_get.ts";
import { runtimePaths, servicePaths } from "../../home/home_paths.ts";
import { REPOSITORY } from "../../version.ts";
import type { AppContext } from "../context.ts";

const GITHUB = "https://github.com";

/** The location of hale's releases. */
export interface HaleReleases {
  /** `https://github.com`, or a server with the same paths. */
  readonly endpoint: string;
  /** `OWNER/NAME`. */
  readonly repository: string;
}

/**
 * Determines the location of hale's releases: `HALE_RELEASES_ENDPOINT` and `HALE_REPOSITORY`, else the
 * repository that this executable was built for.
 *
 * @param env The environment.
 * @param repository The default repository. @default the one that this executable was built for
 * @returns The location.
 * @throws {HaleError} `usage` If no repository is known, or its name is not valid.
 */
export function haleReleases(
  env: Readonly<Record<string, string | undefined>>,
  repository: string | null = REPOSITORY,
): HaleReleases {
  const named = env.HALE_REPOSITORY || repository;
  if (!named) {
    throw new HaleError(
      "usage",
      "This executable was built without the name of hale's repository. " +
        "Set HALE_REPOSITORY=OWNER/NAME.",
    );
  }
  if (!/^[\w.-]+\/[\w.-]+$/.test(named)) {
    throw new HaleError(
      "usage",
      `HALE_REPOSITORY is ${JSON.stringify(named)}, expected OWNER/NAME.`,
      { fields: { value: named } },
    );
  }
  const endpoint = trimEnd(env.HALE_RELEASES_ENDPOINT || GITHUB, "/");
  return { endpoint, repository: named };
}

/**
 * Finds the newest release. GitHub redirects to it, which needs neither a token nor the rate-limited
 * API.
 *
 * @param releases The location of the releases.
 * @param signal Aborts the request.
 * @returns The version, without the `v` of its tag.
 * @throws {HaleError} `download_failed` If there is no response or no release, or its tag is not a
 * version.
 * @throws {HaleError} `network_denied` If this program may not connect to the host.
 */
export async function latestHale(releases: HaleReleases, signal: AbortSignal): Promise<string> {
  const url = URL.parse(`${releases.endpoint}/${releases.repository}/releases/latest`);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new HaleError(
      "invalid_endpoint",
      `Cannot find the newest release at ${
        JSON.stringify(releases.endpoint)
      }: this needs an http ` +
        "or https endpoint. Name the version: `hale upgrade VERSION`.",
      { fields: { endpoint: releases.endpoint } },
    );
  }
  await using answer = await httpGet(url, { signal });
  const { status, headers } = answer.response;
  const tag = /\/releases\/tag\/v([^/?#]+)$/.exec(headers.get("location") ?? "")?.[1];
  const advice = "Check HALE_REPOSITORY, or name the version: `hale upgrade VERSION`.";
  if (tag === undefined) {
    throw downloadFailed(url, `the server answered ${status} without naming a release`, {
      status,
      advice,
    });
  }
  const version = decodeURIComponent(tag);
  if (canParse(version)) return version;
  const reason = `the tag of the newest release is v${version}, expected a version such as v1.2.3`;
  throw downloadFailed(url, reason, { status, advice });
}

/**
 * Describes a release of hale for the resolver.
 *
 * @param releases The location of the releases.
 * @param version The version.
 * @param context Home and environment.
 * @returns The engine for {@linkcode installRelease}.
 * @throws {HaleError} `config_invalid` or `invalid_endpoint` If the version or the endpoint is not
 * valid.
 */
export async function haleEngine(
  releases: HaleReleases,
  version: string,
  context: AppContext,
): Promise<EngineSpec> {
  const { endpoint, repository } = releases;
  const release = {
    ...(endpoint === GITHUB ? {} : { endpoint }),
    github: repository,
    asset: "hale-${target}",
    checksums: "SHA256SUMS",
    targets: {
      "linux-amd64": "linux-amd64",
      "linux-arm64": "linux-arm64",
      "darwin-amd64": "darwin-amd64",
      "darwin-arm64": "darwin-arm64",
      "windows-amd64": "windows-amd64.exe",
    },
  };
  const spec = await readTables({ services: { hale: { version, release } } }, {
    folder: context.cwd,
    env: {},
    target: hostTarget(),
    dataDir: (runtime, service) => servicePaths(runtimePaths(context.home, runtime), service).data,
  });
  const program = spec.services[0]!.program;
  if (program.kind !== "engine") throw new Error("unreachable: it has a release");
  return program.engine;
}
