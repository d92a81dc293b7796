const PROXY_NAMES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]
  .flatMap((name) => [name, name.toLowerCase()]);

/**
 * Creates an HTTP client that ignores the proxies of the environment. Use it for endpoints on this
 * machine, which a proxy cannot reach or would answer itself.
 *
 * Deno reads the proxies from the environment when a client is created, and has no option to ignore
 * them. The variables are therefore removed during that one synchronous call. (The option
 * `proxy: { transport: "tcp" }` also connects directly, but sends the absolute URL as the request
 * target, which simple servers answer with 404.)
 *
 * @param options As for `Deno.createHttpClient`.
 * @returns The client. The caller closes it.
 */
export function createDirectHttpClient(
  options: Deno.CreateHttpClientOptions = {},
): Deno.HttpClient {
  const named = PROXY_NAMES
    .map((name) => ({ name, value: Deno.env.get(name) }))
    .filter(({ value }) => value !== undefined);
  for (const { name } of named) Deno.env.delete(name);
  try {
    return Deno.createHttpClient(options);
  } finally {
    for (const { name, value } of named) Deno.env.set(name, value!);
  }
}
