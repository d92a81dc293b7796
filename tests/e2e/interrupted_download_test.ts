import { assertEquals } from "@std/assert";
import type { ServiceTables } from "../../src/config/schema/tables.ts";
import { ReleasesServer } from "../fixtures/releases_server.ts";
import { type Hale, haleTest } from "./hale.ts";

const ASSET = "tool-1.0";

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

/** Asserts that the cache has no executable and nothing was started. */
async function assertNothingDone(hale: Hale): Promise<void> {
  const files = hale.filesIn("cache").filter((path) => !path.endsWith(".lock"));
  assertEquals(files, []);
  assertEquals(await hale.processesOf("tool"), []);
  assertEquals((await hale.status("tool")).state, "stopped");
}

haleTest(
  "hale up leaves no partial executable when it is interrupted during a download",
  async (hale) => {
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
  },
);
