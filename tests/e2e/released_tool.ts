/**
 * A tool that is released on a server of the test, for tests of resolution.
 *
 * @module
 */

import type { ReleaseTables, ServiceTables } from "../../src/config/schema/tables.ts";
import type { ReleasesServer } from "../fixtures/releases_server.ts";

/** The tool: a script that runs until it is stopped. */
export const TOOL = "#!/bin/sh\nexec sleep 60\n";

/** Returns the SHA-256 of a text in lower-case hexadecimal. */
export async function sha256Of(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** A release of the tool, for a service. */
export interface ReleasedTool {
  readonly service: ServiceTables;
  /** Path of the artifact on the server. */
  readonly path: string;
  readonly sha256: string;
}

/**
 * Publishes the tool for all targets that have a vendor's name.
 *
 * @param server The server.
 * @param options The version, the script, and other keys of the release.
 */
export async function releaseTool(
  server: ReleasesServer,
  { version = "1.0", body = TOOL, release = {} }: {
    version?: string;
    body?: string;
    release?: Partial<ReleaseTables>;
  } = {},
): Promise<ReleasedTool> {
  const sha256 = await sha256Of(body);
  const path = `/${version}/tool`;
  server.route(`/${version}/SHA256SUMS`, { kind: "answer", body: `${sha256}  tool\n` });
  server.route(path, { kind: "answer", body });
  return {
    service: {
      version,
      release: {
        endpoint: server.endpoint,
        url: "${release.endpoint}/${version}/${asset}",
        checksums: "SHA256SUMS",
        asset: "tool",
        ...release,
      },
    },
    path,
    sha256,
  };
}
