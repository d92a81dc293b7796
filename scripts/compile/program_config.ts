import { HaleError } from "../../src/errors.ts";

/** The part of a `deno.json` that compiling uses. */
export interface DenoConfig {
  readonly permissions: { readonly default: PermissionSet };
  readonly [key: string]: unknown;
}

/** A permission set in `deno.json`. */
export interface PermissionSet {
  readonly net: readonly string[];
  readonly [permission: string]: unknown;
}

/** Options of a build. */
export interface ProgramOptions {
  /** Permitted hosts in addition to those in `deno.json`, such as mirrors. */
  readonly allowHosts: readonly string[];
  /** `OWNER/REPO` on GitHub with the releases for `hale upgrade`. Null: that in `deno.json`. */
  readonly repository: string | null;
}

/**
 * Returns the `deno.json` for the executable: that of the repository with the additions of the build,
 * which the executable can report.
 *
 * @param config The `deno.json` of the repository.
 * @param options The additions.
 * @returns The `deno.json` of the build.
 * @throws {HaleError} `usage` If a host or the repository is not valid.
 */
export function programConfig(config: DenoConfig, options: ProgramOptions): DenoConfig {
  for (const host of options.allowHosts) checkHost(host);
  const { repository } = options;
  if (repository !== null && !/^[\w.-]+\/[\w.-]+$/.test(repository)) {
    throw new HaleError(
      "usage",
      `--repository is ${JSON.stringify(repository)}, expected OWNER/NAME.`,
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
  // A host that the URL parser changes is not a plain host name with an optional port.
  const plain = url !== null && [`${url.host}`, `${url.host}:80`].includes(name);
  if (plain && !name.includes("*")) return;
  throw new HaleError(
    "usage",
    `--allow-host is ${JSON.stringify(host)}, expected a host name without a scheme or a path, ` +
      "such as mirror.example.com, mirror.example.com:8443 or *.example.com.",
    { fields: { host } },
  );
}
