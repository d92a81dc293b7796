/**
 * A tool that is released on a server of the test, for the tests of resolving.
 *
 * @module
 */

import type { ReleaseTables, ServiceTables } from "../../src/config/schema/tables.ts";
import type { ReleasesServer } from "../fixtures/releases_server.ts";

/** What the tool is: it stays until it is ended. */
export const TOOL = "#!/bin/sh\nexec sleep 60\n";

/** Lower-case hex of the SHA-256 of a text. */
export async function sha256Of(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** A release of a tool, for a service. */
export interface ReleasedTool {
  readonly service: ServiceTables;
  /** Path of the artifact on the server. */
  readonly path: string;
  readonly sha256: string;
}

/**
 * Publishes a tool for every target but those without a word of the vendor.
 *
 * @param server Where.
 * @param options `version`; what it is; keys of the release over the usual ones.
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
