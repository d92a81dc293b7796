/**
 * A releases endpoint on loopback with the real `rivet-engine` from its npm package for this
 * platform, in the layout of its vendor. The demo and the end-to-end tests use it;
 * `deno run -A scripts/demo/mirror.ts [--port N]` serves it to programs on this machine.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { HaleError } from "../../src/errors.ts";
import { targetName } from "../../src/model/target.ts";
import { hostTarget } from "../../src/platform/mod.ts";
import { sha256OfFile } from "../../src/files/sha256.ts";
import { npmFile } from "./npm_file.ts";

/** The release that is served. */
export const MIRRORED_VERSION = "2.3.19";

/** By target: the npm package, the executable in it, and the vendor's artifact name. */
export const PUBLISHED_ENGINES: Readonly<
  Record<string, { package: string; file: string; artifact: string }>
> = {
  "linux-amd64": {
    package: "@rivetkit/engine-cli-linux-x64-musl",
    file: "rivet-engine",
    artifact: "rivet-engine-x86_64-unknown-linux-musl",
  },
  "linux-arm64": {
    package: "@rivetkit/engine-cli-linux-arm64-musl",
    file: "rivet-engine",
    artifact: "rivet-engine-aarch64-unknown-linux-musl",
  },
  "darwin-amd64": {
    package: "@rivetkit/engine-cli-darwin-x64",
    file: "rivet-engine",
    artifact: "rivet-engine-x86_64-apple-darwin",
  },
  "darwin-arm64": {
    package: "@rivetkit/engine-cli-darwin-arm64",
    file: "rivet-engine",
    artifact: "rivet-engine-aarch64-apple-darwin",
  },
  "windows-amd64": {
    package: "@rivetkit/engine-cli-win32-x64",
    file: "rivet-engine.exe",
    artifact: "rivet-engine-x86_64-pc-windows-gnu.exe",
  },
};

/** Options of {@linkcode serveMirror}. */
export interface MirrorOptions {
  /** @default 0, a free port */
  readonly port?: number;
  /** Called with the path of every request. */
  readonly onRequest?: (path: string) => void;
}

/** A running mirror. */
export interface Mirror extends AsyncDisposable {
  /** The releases endpoint, such as `http://127.0.0.1:41234`. */
  readonly endpoint: string;
  readonly version: string;
  /** Path of the artifact below the endpoint. */
  readonly path: string;
  /** Checksum of the artifact, lower-case hex. */
  readonly sha256: string;
  /** Size of the artifact in bytes. */
  readonly size: number;
  /** Stops the mirror and aborts running downloads. */
  stop(): Promise<void>;
}

/**
 * Serves the real engine of this platform on loopback.
 *
 * @param options Port and callback.
 * @returns The mirror. Stop it, or dispose of it.
 * @throws {HaleError} `binary_unavailable` If the engine is not published for this platform or cannot be downloaded.
 */
export async function serveMirror(options: MirrorOptions = {}): Promise<Mirror> {
  const { executable, artifact } = await publishedEngine();
  const sha256 = await sha256OfFile(executable);
  const { size } = await Deno.stat(executable);
  const folder = `/rivet/${MIRRORED_VERSION}/engine`;
  const path = `${folder}/${artifact}`;
  const running = new AbortController();
  const { signal } = running;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: options.port ?? 0, signal, onListen: () => {} },
    async (request) => {
      const { pathname } = new URL(request.url);
      options.onRequest?.(pathname);
      if (pathname === `${folder}/SHA256SUMS`) return new Response(`${sha256}  ${artifact}\n`);
      if (pathname !== path) return new Response("not found\n", { status: 404 });
      const file = await Deno.open(executable);
      return new Response(file.readable, {
        headers: { "content-type": "application/octet-stream", "content-length": String(size) },
      });
    },
  );
  const stop = async () => {
    running.abort();
    await server.finished;
  };
  return {
    endpoint: `http://127.0.0.1:${server.addr.port}`,
    version: MIRRORED_VERSION,
    path,
    sha256,
    size,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function publishedEngine(): Promise<{ executable: string; artifact: string }> {
  const target = targetName(hostTarget());
  const published = PUBLISHED_ENGINES[target];
  if (published === undefined) {
    throw new HaleError("binary_unavailable", `No rivet-engine is published for ${target}.`);
  }
  const executable = await npmFile({ ...published, version: MIRRORED_VERSION });
  return { executable, artifact: published.artifact };
}

if (import.meta.main) {
  const { port } = parseArgs(Deno.args, { string: ["port"], default: { port: "0" } });
  if (!/^\d{1,5}$/.test(String(port))) {
    throw new HaleError("usage", `--port is ${port}, expected a number from 0 to 65535.`);
  }
  const { endpoint, version, path, sha256 } = await serveMirror({ port: Number(port) });
  console.log(
    `rivet-engine ${version} is served at ${endpoint}${path}\n` +
      `  sha256 ${sha256}\n` +
      `Use it with\n` +
      `  RIVETKIT_ENGINE_RELEASES_ENDPOINT=${endpoint} deno task hale up\n` +
      `Press Ctrl-C to stop.`,
  );
}
