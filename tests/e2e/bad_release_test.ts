import { assertEquals, assertStringIncludes } from "@std/assert";
import { freePorts } from "../../scripts/demo/free_ports.ts";
import type { ServiceTables } from "../../src/config/schema/tables.ts";
import { ReleasesServer } from "../fixtures/releases_server.ts";
import { type Hale, haleTest } from "./hale.ts";

const ASSET = "tool-1.0";
const BODY = "#!/bin/sh\nexec sleep 60\n";

function tool(endpoint: string): ServiceTables {
  return {
    version: "1.0",
    release: {
      endpoint,
      url: "${release.endpoint}/${version}/${asset}",
      checksums: "${release.endpoint}/${version}/SHA256SUMS",
      asset: ASSET,
    },
  };
}

/** No file in the cache could be taken for an executable, and nothing was started. */
async function assertNothingDone(hale: Hale): Promise<void> {
  const files = hale.filesIn("cache").filter((path) => !path.endsWith(".lock"));
  assertEquals(files, []);
  assertEquals(await hale.processesOf("tool"), []);
  assertEquals((await hale.status("tool")).state, "stopped");
}

async function failedUp(hale: Hale) {
  const { code, stdout } = await hale.run("up", "--json");
  return { code, error: JSON.parse(stdout).error };
}

haleTest(
  "hale up says which host is silent when the releases endpoint is unreachable",
  async (hale) => {
    const [port] = freePorts([0]);
    await hale.services({ tool: tool(`http://127.0.0.1:${port}`) });
    const { code, error } = await failedUp(hale);
    assertEquals([code, error.code], [10, "download_failed"]);
    assertStringIncludes(error.message, `http://127.0.0.1:${port}/1.0/SHA256SUMS`);
    assertStringIncludes(error.message, "Check the network and the releases endpoint");
    await assertNothingDone(hale);
  },
);

haleTest("hale up names the URL when a release is not there", async (hale) => {
  await using server = new ReleasesServer();
  await hale.services({ tool: tool(server.endpoint) });
  const { code, error } = await failedUp(hale);
  assertEquals([code, error.code], [10, "download_failed"]);
  assertStringIncludes(error.message, `${server.endpoint}/1.0/SHA256SUMS`);
  assertStringIncludes(error.message, "404");
  assertEquals(server.requests(), 1);
  await assertNothingDone(hale);
});

haleTest("hale up installs nothing when the checksum is another one", async (hale) => {
  await using server = new ReleasesServer();
  const wrong = "0".repeat(64);
  server.route("/1.0/SHA256SUMS", { kind: "answer", body: `${wrong}  ${ASSET}\n` });
  server.route(`/1.0/${ASSET}`, { kind: "answer", body: BODY });
  await hale.services({ tool: tool(server.endpoint) });
  const { code, error } = await failedUp(hale);
  assertEquals([code, error.code], [6, "checksum_mismatch"]);
  assertStringIncludes(error.message, wrong);
  await assertNothingDone(hale);

  // Nothing is left that would be in the way of the right one.
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(BODY));
  const right = new Uint8Array(digest).toHex();
  assertStringIncludes(error.message, right);
  server.route("/1.0/SHA256SUMS", { kind: "answer", body: `${right}  ${ASSET}\n` });
  const { stdout, stderr } = await hale.ok("up");
  assertStringIncludes(stdout, "tool  running");
  assertStringIncludes(stderr, `downloading ${ASSET}`);
  assertEquals(stderr.includes("\r"), false);
});

haleTest("hale up leaves no half file when it is interrupted in a download", async (hale) => {
  await using server = new ReleasesServer();
  server.route("/1.0/SHA256SUMS", { kind: "answer", body: `${"0".repeat(64)}  ${ASSET}\n` });
  const body = new Uint8Array(100_000);
  server.route(`/1.0/${ASSET}`, { kind: "stalled", body, sent: 50_000 });
  await hale.services({ tool: tool(server.endpoint) });
  const up = hale.start(["up"]);
  await up.said("stderr", (text) => text.includes(`downloading ${ASSET}`));
  up.signal("SIGINT");
  assertEquals((await up.result).code, 130);
  await assertNothingDone(hale);
});

haleTest("hale up names the ways out when a host is not permitted", async (hale) => {
  await hale.services({ tool: tool("https://releases.example.org") });
  const { code, error } = await failedUp(hale);
  assertEquals([code, error.code], [10, "network_denied"]);
  assertStringIncludes(error.message, "releases.example.org");
  assertStringIncludes(error.message, "file://");
  await assertNothingDone(hale);
});

haleTest("hale fetch fills the cache and starts nothing", async (hale) => {
  await using server = new ReleasesServer();
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(BODY));
  const sha256 = new Uint8Array(digest).toHex();
  server.route("/1.0/SHA256SUMS", { kind: "answer", body: `${sha256}  ${ASSET}\n` });
  server.route(`/1.0/${ASSET}`, { kind: "answer", body: BODY });
  await hale.services({ tool: tool(server.endpoint), other: { command: "true" } });
  const [fetched] = await hale.json("fetch");
  assertEquals([fetched.name, fetched.version, fetched.sha256, fetched.from], [
    "tool",
    "1.0",
    sha256,
    "download",
  ]);
  assertEquals(await Deno.readTextFile(fetched.path), BODY);
  assertEquals((await Deno.stat(fetched.path)).mode! & 0o111, 0o111);
  assertEquals([await hale.supervisor(), server.requests()], [null, 2]);
  const again = await hale.ok("fetch", "tool");
  assertEquals([again.stdout, server.requests()], [`${fetched.path}\n`, 2]);
  assertStringIncludes(again.stderr, "in the cache already");
  // What up finds there it takes without a network.
  await hale.ok("up", "tool");
  assertEquals([(await hale.status("tool")).binary, server.requests()], [fetched.path, 2]);
});
