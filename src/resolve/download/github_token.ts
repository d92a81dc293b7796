/** The only origin that receives the token. */
const GITHUB = "https://github.com";

/**
 * Returns the header with the GitHub token. Only requests to github.com over https get it, not the
 * hosts that GitHub redirects to and not mirrors.
 *
 * @param url The URL of the request.
 * @param token The token; null if there is none.
 * @returns The headers to add.
 */
export function authorizationFor(url: URL, token: string | null): Record<string, string> {
  return token !== null && url.origin === GITHUB ? { authorization: `Bearer ${token}` } : {};
}

/**
 * Returns the GitHub token of the environment (`GITHUB_TOKEN`, else `GH_TOKEN`).
 *
 * @param env Environment variables.
 * @returns The token; null if neither variable is set.
 */
export function githubToken(env: Readonly<Record<string, string | undefined>>): string | null {
  return env.GITHUB_TOKEN || env.GH_TOKEN || null;
}
