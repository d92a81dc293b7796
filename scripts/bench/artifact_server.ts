/**
 * A child process for the benchmark of the resolver: serves one file under several names, with its
 * checksum, on loopback. Prints the endpoint.
 *
 *     deno run -A artifact_server.ts FILE COUNT [MEGABYTES_PER_SECOND]
 *
 * @module
 */

import { sha256OfFile } from "../../src/files/sha256.ts";

if (import.meta.main) {
  const [path, count, rate] = Deno.args as [string, string, string | undefined];
  const sha256 = await sha256OfFile(path);
  const { size } = await Deno.stat(path);
  const sums = Array.from({ length: Number(count) }, (_, index) => `${sha256}  engine-${index}\n`);
  const headers = { "content-length": String(size), etag: `"${sha256.slice(0, 16)}"` };
  Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: ({ port }) => console.log(`http://127.0.0.1:${port}`),
  }, async (request) => {
    const name = new URL(request.url).pathname.split("/").at(-1)!;
    if (name === "SHA256SUMS") return new Response(sums.join(""));
    if (!/^engine-\d+$/.test(name)) return new Response("not found\n", { status: 404 });
    const { readable } = await Deno.open(path);
    const body = rate === undefined
      ? readable
      : readable.pipeThrough(limitedTo(Number(rate) * 1_000_000));
    return new Response(body, { headers });
  });
}

/** Limits the rate of bytes, like a slow network. */
function limitedTo(bytesPerSecond: number): TransformStream<Uint8Array, Uint8Array> {
  const startedAt = performance.now();
  let sent = 0;
  return new TransformStream({
    async transform(chunk, controller) {
      sent += chunk.length;
      controller.enqueue(chunk);
      const aheadMs = sent / bytesPerSecond * 1000 - (performance.now() - startedAt);
      if (aheadMs > 1) await new Promise((resolve) => setTimeout(resolve, aheadMs));
    },
  });
}
