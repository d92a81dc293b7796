/** The one host that the token is for. */
const GITHUB = "https://github.com";

/**
 * The header that carries GitHub's token, for requests that may carry it: to GitHub itself over
 * https, and to no host that it redirects to, and no mirror.
 *
 * @param url The URL that is asked.
 * @param token The token; null where there is none.
 * @returns The headers to add.
 */
export function authorizationFor(url: URL, token: string | null): Record<string, string> {
  return token !== null && url.origin === GITHUB ? { authorization: `Bearer ${token}` } : {};
}

/**
 * GitHub's token, where the environment has one.
 *
 * @param env Environment variables.
 * @returns The token, or null.
 */
export function githubToken(env: Readonly<Record<string, string | undefined>>): string | null {
  return env.GITHUB_TOKEN || env.GH_TOKEN || null;
}
