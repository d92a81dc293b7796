import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { freePorts } from "../../scripts/demo/free_ports.ts";
import { npmFile } from "../../scripts/demo/npm_file.ts";
import { targetName } from "../../src/model/target.ts";
import { hostTarget } from "../../src/platform/mod.ts";
import { sha256OfFile } from "../../src/files/sha256.ts";
import { GitHubMirror, type MirroredRelease } from "../fixtures/github_mirror.ts";
import { tarOf, zipOf } from "../resolve/archive/build_archive.ts";
import { type Hale, haleTest } from "./hale.ts";

const HOST = targetName(hostTarget());

/** Compresses a file fast: the ratio does not matter here. */
async function gzipFile(from: string, to: string): Promise<void> {
  await pipeline(createReadStream(from), createGzip({ level: 1 }), createWriteStream(to));
}

async function textAt(url: string): Promise<string> {
  return await (await fetch(url)).text();
}

/** Returns the requested paths by host. */
function askedAt({ requests }: GitHubMirror, host: string): string[] {
  return requests.filter((asked) => asked.startsWith(host)).map((asked) =>
    asked.split("/").at(-1)!
  );
}

const WORKERD_VERSION = "1.20261117.1";
/** The npm package and the vendor's name of each target. */
const WORKERD: Readonly<Record<string, readonly [npm: string, word: string]>> = {
  "linux-amd64": ["@cloudflare/workerd-linux-64", "linux-64"],
  "linux-arm64": ["@cloudflare/workerd-linux-arm64", "linux-arm64"],
  "darwin-amd64": ["@cloudflare/workerd-darwin-64", "darwin-64"],
  "darwin-arm64": ["@cloudflare/workerd-darwin-arm64", "darwin-arm64"],
};

const WORKER = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [ (name = "main", worker = .worker) ],
  sockets = [ (name = "http", address = "*:8080", http = (), service = "main") ],
);
const worker :Workerd.Worker = (
  serviceWorkerScript =
    "addEventListener('fetch', (event) => event.respondWith(new Response('from workerd')))",
  compatibilityDate = "2024-01-01",
);
`;

haleTest(
  "workerd from a .gz on GitHub is pinned at its first download, and serves",
  async (hale) => {
    const [pack, word] = WORKERD[HOST]!;
    const file = "bin/workerd";
    const executable = await npmFile({ package: pack, version: WORKERD_VERSION, file });
    const asset = `workerd-${word}.gz`;
    const path = join(hale.folder, asset);
    await gzipFile(executable, path);
    await using mirror = new GitHubMirror([
      { github: "cloudflare/workerd", tag: `v${WORKERD_VERSION}`, assets: { [asset]: { path } } },
    ]);
    const [port] = freePorts([0]);
    const endpoint = `http://127.0.0.1:${port}`;
    await hale.write("workerd.capnp", WORKER);
    await hale.services({
      workerd: {
        preset: "workerd",
        version: WORKERD_VERSION,
        endpoint,
        release: { endpoint: mirror.endpoint },
      },
    });
    await hale.ok("up");
    assertEquals(await textAt(endpoint), "from workerd");
    // Requested from one host, redirected to another.
    assertEquals([askedAt(mirror, "127.0.0.1"), askedAt(mirror, "localhost")], [[asset], [asset]]);
    const { binary } = await hale.status("workerd");
    assertEquals(await sha256OfFile(binary!), await sha256OfFile(executable));
    const lock = await Deno.readTextFile(join(hale.folder, "hale.lock"));
    assertStringIncludes(lock, await sha256OfFile(path));
  },
);

haleTest("Deno from a .zip on GitHub with its own checksum file runs", async (hale) => {
  const word = {
    "linux-amd64": "x86_64-unknown-linux-gnu",
    "linux-arm64": "aarch64-unknown-linux-gnu",
    "darwin-amd64": "x86_64-apple-darwin",
    "darwin-arm64": "aarch64-apple-darwin",
  }[HOST]!;
  const asset = `deno-${word}.zip`;
  const path = join(hale.folder, asset);
  // Stored without compression: it is large, and other tests cover decompression.
  const body = await Deno.readFile(Deno.execPath());
  await Deno.writeFile(path, zipOf([{ name: "deno", body, stored: true, mode: 0o100755 }]));
  await using mirror = new GitHubMirror([{
    github: "denoland/deno",
    tag: `v${Deno.version.deno}`,
    assets: {
      [asset]: { path },
      [`${asset}.sha256sum`]: `${await sha256OfFile(path)}  ${asset}\n`,
    },
  }]);
  const [port] = freePorts([0]);
  const endpoint = `http://127.0.0.1:${port}`;
  await hale.write(
    "server.ts",
    `Deno.serve({ port: ${port}, hostname: "127.0.0.1" }, () => new Response(Deno.execPath()));\n`,
  );
  await hale.services({
    server: {
      preset: "deno",
      version: Deno.version.deno,
      endpoint,
      args: ["run", "--no-config", "--allow-net", "--allow-read", "server.ts"],
      health: { http: endpoint },
      release: { endpoint: mirror.endpoint },
    },
  });
  await hale.ok("up");
  const { binary } = await hale.status("server");
  assertEquals(await textAt(endpoint), binary);
  assertMatch(binary!, /[/\\]files[/\\]deno$/);
  assertEquals(askedAt(mirror, "127.0.0.1"), [`${asset}.sha256sum`, asset]);
});

const NATS_VERSION = "2.9.10";

/** nats-server from its Debian package, if this machine can download it. */
async function debianNats(folder: string): Promise<string | null> {
  const run = (program: string, ...args: string[]) =>
    new Deno.Command(program, { args, cwd: folder, stdout: "null", stderr: "null" }).output()
      .then(({ success }) => success, () => false);
  if (!await run("apt-get", "download", "nats-server")) return null;
  const packages = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  const deb = packages.find((name) => name.startsWith("nats-server_") && name.endsWith(".deb"));
  if (deb === undefined || !await run("dpkg-deb", "-x", deb, "unpacked")) return null;
  return join(folder, "unpacked", "usr", "sbin", "nats-server");
}

async function natsRelease(executable: string, folder: string): Promise<MirroredRelease> {
  const { os, arch } = hostTarget();
  const name = `nats-server-v${NATS_VERSION}-${os}-${arch}`;
  const tar = join(folder, "nats.tar");
  const path = join(folder, `${name}.tar.gz`);
  const body = await Deno.readFile(executable);
  await Deno.writeFile(
    tar,
    tarOf([
      { name: `${name}/`, type: "5", mode: 0o755 },
      { name: `${name}/LICENSE`, body: "as its vendor packs it" },
      { name: `${name}/nats-server`, body, mode: 0o755 },
    ]),
  );
  await gzipFile(tar, path);
  const sums = [`${"ab".repeat(32)}  another.zip`, `${await sha256OfFile(path)}  ${name}.tar.gz`];
  return {
    github: "nats-io/nats-server",
    tag: `v${NATS_VERSION}`,
    assets: { [`${name}.tar.gz`]: { path }, SHA256SUMS: sums.join("\n") },
  };
}

haleTest(
  "nats-server from a .tar.gz on GitHub with SHA256SUMS serves",
  async (hale) => {
    const folder = join(hale.folder, "debian");
    await Deno.mkdir(folder);
    const executable = await debianNats(folder);
    if (executable === null) {
      console.log("skipped: this machine cannot download nats-server with apt-get");
      return;
    }
    await using mirror = new GitHubMirror([await natsRelease(executable, folder)]);
    const [port] = freePorts([0, 4000]);
    await hale.services({
      nats: {
        preset: "nats-server",
        version: NATS_VERSION,
        endpoint: `nats://127.0.0.1:${port}`,
        release: { endpoint: mirror.endpoint },
      },
    });
    await hale.ok("up");
    assertEquals((await hale.status("nats")).health, "healthy");
    assertStringIncludes(await natsGreeting(port!), `"version":"${NATS_VERSION}"`);
    assert(askedAt(mirror, "localhost").includes("SHA256SUMS"));
  },
);

/** Returns the first line that the server sends to a client. */
async function natsGreeting(port: number): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const buffer = new Uint8Array(4096);
  const length = await connection.read(buffer) ?? 0;
  return new TextDecoder().decode(buffer.subarray(0, length));
}

haleTest(
  "several executables are fetched concurrently with one progress display",
  async (hale: Hale) => {
    const names = ["one", "two", "three", "four"];
    const bodies = names.map((name) => `#!/bin/sh\n# ${name}\nexec sleep 60\n`);
    let waiting = 0;
    const all = Promise.withResolvers<void>();
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      async (request) => {
        const name = new URL(request.url).pathname.slice(1);
        // Answers only once all are requested: sequential downloads would never end.
        if (++waiting === names.length) all.resolve();
        await all.promise;
        return new Response(bodies[names.indexOf(name)]);
      },
    );
    try {
      const endpoint = `http://127.0.0.1:${server.addr.port}`;
      const release = { endpoint, url: "${release.endpoint}/${asset}", checksums: "none" };
      await hale.services(Object.fromEntries(
        names.map((name) => [name, { version: "1.0", release: { ...release, asset: name } }]),
      ));
      const { stderr } = await hale.ok("up");
      for (const name of names) assertStringIncludes(stderr, `downloading ${name} (`);
      assertEquals((await hale.json("status")).map(({ state }: { state: string }) => state), [
        "running",
        "running",
        "running",
        "running",
      ]);
    } finally {
      await server.shutdown();
    }
  },
);
