/**
 * Where hale itself is released: on GitHub, as any engine may be.
 *
 * @module
 */

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

/** Where releases of hale are. */
export interface HaleReleases {
  /** `https://github.com`, or what has the same paths. */
  readonly endpoint: string;
  /** `OWNER/NAME`. */
  readonly repository: string;
}

/**
 * Settles where releases of hale are: `HALE_RELEASES_ENDPOINT` and `HALE_REPOSITORY`, else where
 * this executable came from.
 *
 * @param env The environment.
 * @param repository Where this executable came from. @default what it was built with
 * @returns Where.
 * @throws {HaleError} `usage` If nothing says which repository it is.
 */
export function haleReleases(
  env: Readonly<Record<string, string | undefined>>,
  repository: string | null = REPOSITORY,
): HaleReleases {
  const named = env.HALE_REPOSITORY || repository;
  if (!named) {
    throw new HaleError(
      "usage",
      "This hale was built without the name of the repository that it is released in. " +
        "Name it: HALE_REPOSITORY=OWNER/NAME.",
    );
  }
  if (!/^[\w.-]+\/[\w.-]+$/.test(named)) {
    throw new HaleError(
      "usage",
      `HALE_REPOSITORY is ${JSON.stringify(named)}, which is no repository: write it OWNER/NAME.`,
      { fields: { value: named } },
    );
  }
  const endpoint = (env.HALE_RELEASES_ENDPOINT || GITHUB).replace(/\/+$/, "");
  return { endpoint, repository: named };
}

/**
 * Asks which release is the newest. GitHub answers with a redirect to it, for which neither a token
 * nor its rate-limited API is needed.
 *
 * @param releases Where releases are.
 * @param signal Ends the request.
 * @returns The version, without the `v` of its tag.
 * @throws {HaleError} `download_failed` If there is no answer, no release, or its tag is not a version.
 * @throws {HaleError} `network_denied` If this program was not given the host.
 */
export async function latestHale(releases: HaleReleases, signal: AbortSignal): Promise<string> {
  const url = URL.parse(`${releases.endpoint}/${releases.repository}/releases/latest`);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new HaleError(
      "invalid_endpoint",
      `${JSON.stringify(releases.endpoint)} cannot be asked which release is the newest: only an ` +
        "http or https endpoint can. Name the version: hale upgrade VERSION.",
      { fields: { endpoint: releases.endpoint } },
    );
  }
  await using answer = await httpGet(url, { signal });
  const { status, headers } = answer.response;
  const tag = /\/releases\/tag\/v([^/?#]+)$/.exec(headers.get("location") ?? "")?.[1];
  const advice = "Check HALE_REPOSITORY, or name the version: hale upgrade VERSION.";
  if (tag === undefined) {
    throw downloadFailed(url, `the server answered ${status} and names no release`, {
      status,
      advice,
    });
  }
  const version = decodeURIComponent(tag);
  if (canParse(version)) return version;
  const expected = "expected three numbers, such as 1.2.3";
  throw downloadFailed(url, `the newest release is v${version}: ${expected}`, { status, advice });
}

/**
 * A release of hale, for the resolver.
 *
 * @param releases Where releases are.
 * @param version The version.
 * @param context Where hale works.
 * @returns What {@linkcode installRelease} takes.
 * @throws {HaleError} `config_invalid` or `invalid_endpoint` If the version or the endpoint is none.
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
