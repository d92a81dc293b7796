/**
 * Serves the executables in `dist` as a release of GitHub: `deno run -A scripts/setup/serve_release.ts PORT`.
 * CI uses the action with it before there is a release.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";
import { VERSION } from "../../src/version.ts";

const DIST = fromFileUrl(new URL("../../dist", import.meta.url));

/** Where the release of {@linkcode VERSION} is below the server's URL. */
const FOLDER = `/hale/hale/releases/download/v${VERSION}/`;

/**
 * Answers a request for a file of the release.
 *
 * @param url The requested URL.
 * @param dist The folder of the files.
 * @returns The file, or 404.
 */
export async function serveRelease(url: string, dist: string): Promise<Response> {
  const { pathname } = new URL(url);
  const name = pathname.startsWith(FOLDER) ? pathname.slice(FOLDER.length) : "";
  if (!/^[\w-]+(\.exe)?$/.test(name)) return new Response("not found", { status: 404 });
  try {
    const file = await Deno.open(join(dist, name));
    return new Response(file.readable);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return new Response("not found", { status: 404 });
    throw error;
  }
}

if (import.meta.main) {
  const port = Number(Deno.args[0]);
  Deno.serve({ hostname: "127.0.0.1", port }, ({ url }) => serveRelease(url, DIST));
}
