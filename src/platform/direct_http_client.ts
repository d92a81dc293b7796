const PROXY_NAMES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]
  .flatMap((name) => [name, name.toLowerCase()]);

/**
 * An HTTP client that ignores the environment's proxies: for endpoints on this machine, which a
 * proxy could not reach, or would answer for.
 *
 * Deno reads the proxies from the environment at the moment a client is made, and has no option to
 * leave them out; so for the length of that one synchronous call the environment has none. (Its
 * `proxy: { transport: "tcp" }` connects directly too, but then sends the absolute URL as the
 * request's target, which simple servers answer with 404.)
 *
 * @param options As for `Deno.createHttpClient`.
 * @returns The client; closing it is the caller's business.
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
