import type { ReleaseTables, ServiceTables } from "../../src/config/schema/tables.ts";
import type { Random } from "./random.ts";

/** Size of an artifact in bytes, before its last line. */
const SIZE = 400_000;

/** Bytes that are sent at once, with a pause after each. */
const CHUNK = 40_000;

/** A released program. */
interface Release {
  readonly good: Uint8Array<ArrayBuffer>;
  /** Other bytes of the same length. They must never be run. */
  readonly evil: Uint8Array<ArrayBuffer>;
  readonly sha256: string;
}

/**
 * A releases endpoint on loopback that cuts connections and sends wrong bytes. Each release is a script
 * that writes `good` at its beginning and at its end, and of which a second version writes `evil`.
 */
export class FaultyReleases implements AsyncDisposable {
  readonly #releases = new Map<string, Release>();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #random: Random;
  /** Whether all answers are right. */
  isHonest = false;

  /** @param random Chooses the faults. */
  constructor(random: Random) {
    this.#random = random;
    const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    this.#server = Deno.serve(options, (request) => this.#answer(request));
  }

  /**
   * Publishes a release.
   *
   * @param version Its version.
   * @param ledger Absolute path of the file to which the script appends.
   */
  async publish(version: string, ledger: string): Promise<void> {
    const script = (word: string) => {
      const say = `echo '${word} ${version}' >>'${ledger}'\n`;
      const filling = `# ${version} ${"x".repeat(90)}\n`;
      const lines = filling.repeat(Math.ceil(SIZE / filling.length));
      return new TextEncoder().encode(`#!/bin/sh\n${say}${lines}${say}exec sleep 1000\n`);
    };
    const good = script("good");
    this.#releases.set(version, { good, evil: script("evil"), sha256: await sha256Of(good) });
  }

  /** Checksum of a release; null if there is none of this version. */
  sha256(version: string): string | null {
    return this.#releases.get(version)?.sha256 ?? null;
  }

  /** A service that runs a release. */
  service(version: string): ServiceTables {
    const release: ReleaseTables = {
      endpoint: `http://127.0.0.1:${this.#server.addr.port}`,
      url: "${release.endpoint}/${version}/${asset}",
      checksums: "SHA256SUMS",
      asset: "tool",
    };
    return { version, release };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  #answer(request: Request): Response {
    const [, version = "", name] = new URL(request.url).pathname.split("/");
    const release = this.#releases.get(version);
    if (release === undefined) return new Response("no such release\n", { status: 404 });
    if (name === "SHA256SUMS") return new Response(`${release.sha256}  tool\n`);
    const isEvil = !this.isHonest && this.#random.chance(0.15);
    const isCut = !this.isHonest && this.#random.chance(0.1);
    const bytes = isEvil ? release.evil : release.good;
    const headers = { etag: `"${version}"`, "accept-ranges": "bytes" };
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.get("range") ?? "")?.[1] ?? NaN);
    const from = start < bytes.length ? start : 0;
    const body = this.#send(bytes.subarray(from), isCut);
    const length = String(bytes.length - from);
    if (from === 0) {
      return new Response(body, { headers: { ...headers, "content-length": length } });
    }
    const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
    return new Response(body, {
      status: 206,
      headers: { ...headers, "content-length": length, "content-range": range },
    });
  }

  #send(bytes: Uint8Array<ArrayBuffer>, isCut: boolean): ReadableStream<Uint8Array<ArrayBuffer>> {
    const end = isCut ? Math.floor(this.#random.next() * bytes.length) : bytes.length;
    const pauseMs = this.#random.between(0, 12);
    let at = 0;
    return new ReadableStream({
      async pull(controller) {
        if (at >= end) {
          // The announced length is greater if it is to be cut: the connection is closed.
          controller.close();
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
        controller.enqueue(bytes.subarray(at, Math.min(at + CHUNK, end)));
        at += CHUNK;
      },
    });
  }
}

/** Returns the SHA-256 of bytes in lower-case hexadecimal. */
export async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
