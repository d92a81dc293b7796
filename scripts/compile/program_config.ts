import { HaleError } from "../../src/errors.ts";

/** A `deno.json`, as far as compiling is concerned. */
export interface DenoConfig {
  readonly permissions: { readonly default: PermissionSet };
  readonly [key: string]: unknown;
}

/** A set of permissions, as `deno.json` spells it. */
export interface PermissionSet {
  readonly net: readonly string[];
  readonly [permission: string]: unknown;
}

/** What a build may differ in. */
export interface ProgramOptions {
  /** Hosts that may be reached besides those of `deno.json`: mirrors of one's own. */
  readonly allowHosts: readonly string[];
  /** `OWNER/REPO` on GitHub whose releases `hale upgrade` looks at. Null: as `deno.json` says. */
  readonly repository: string | null;
}

/**
 * The `deno.json` that goes into the executable: the permissions are the list of the repository, and
 * what a build adds to it is a fact that the executable can tell.
 *
 * @param config The `deno.json` of the repository.
 * @param options What the build adds.
 * @returns The `deno.json` to build with.
 * @throws {HaleError} `usage` If a host or the repository is not written as one.
 */
export function programConfig(config: DenoConfig, options: ProgramOptions): DenoConfig {
  for (const host of options.allowHosts) checkHost(host);
  const { repository } = options;
  if (repository !== null && !/^[\w.-]+\/[\w.-]+$/.test(repository)) {
    throw new HaleError(
      "usage",
      `--repository ${JSON.stringify(repository)} is no repository: write it OWNER/NAME.`,
    );
  }
  const set = config.permissions.default;
  const net = [...new Set([...set.net, ...options.allowHosts])];
  return {
    ...config,
    ...(repository === null ? {} : { repository }),
    permissions: { default: { ...set, net } },
  };
}

function checkHost(host: string): void {
  const name = host.replace(/^\*\./, "");
  const url = URL.parse(`http://${name}/`);
  // What the parser had to change or leave out was no plain host, with a port or without.
  const plain = url !== null && [`${url.host}`, `${url.host}:80`].includes(name);
  if (plain && !name.includes("*")) return;
  throw new HaleError(
    "usage",
    `--allow-host ${JSON.stringify(host)} is no host: write its name without a scheme or a path, ` +
      "such as mirror.example.com, mirror.example.com:8443 or *.example.com.",
    { fields: { host } },
  );
}
