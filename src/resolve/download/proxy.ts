/** The proxy through which requests for a URL go. */
export interface Proxy {
  /** The environment variable that names it. */
  readonly variable: string;
  /** Its address, without user name and password. */
  readonly address: string;
}

/**
 * Returns the proxy that the environment names for a URL. Deno's HTTP client reads these variables
 * itself and does not report which one it used; messages name it.
 *
 * @param url An http or https URL.
 * @param env Environment variables.
 * @returns The proxy; null if the request is direct.
 *
 * @example
 * ```ts
 * import { proxyFor } from "./proxy.ts";
 * const env = { HTTPS_PROXY: "http://me:secret@proxy.example:3128" };
 * console.log(proxyFor(new URL("https://a.example"), env)?.address); // http://proxy.example:3128
 * ```
 */
export function proxyFor(
  url: URL,
  env: Readonly<Record<string, string | undefined>>,
): Proxy | null {
  const noProxy = env.no_proxy ?? env.NO_PROXY ?? "";
  if (noProxy.split(",").some((entry) => isExcluded(url.hostname, entry.trim()))) return null;
  const scheme = url.protocol.slice(0, -1);
  for (const name of [`${scheme}_proxy`, "all_proxy"]) {
    for (const variable of [name, name.toUpperCase()]) {
      const value = env[variable];
      if (value) return { variable, address: addressOf(value) };
    }
  }
  return null;
}

function isExcluded(host: string, entry: string): boolean {
  const domain = entry.startsWith(".") ? entry.slice(1) : entry;
  return domain !== "" && (domain === "*" || host === domain || host.endsWith(`.${domain}`));
}

function addressOf(value: string): string {
  const url = URL.parse(value.includes("://") ? value : `http://${value}`);
  return url === null ? "whose address is not a URL" : `${url.protocol}//${url.host}`;
}
