import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { targetName, TARGETS } from "../../src/model/target.ts";
import { hostTarget } from "../../src/platform/mod.ts";
import { type LockedArtifact, parseLockfile } from "../../src/resolve/release/lockfile.ts";
import { ReleasesServer } from "../fixtures/releases_server.ts";
import { type Hale, haleTest } from "./hale.ts";
import { releaseTool, sha256Of } from "./released_tool.ts";

const HOST = targetName(hostTarget());

function lockPath(hale: Hale): string {
  return join(hale.folder, "hale.lock");
}

async function readLock(hale: Hale): Promise<readonly LockedArtifact[]> {
  return parseLockfile(await Deno.readTextFile(lockPath(hale)), "hale.lock");
}

haleTest(
  "hale fetch --all-targets pins the artifacts of all platforms with a release",
  async (hale) => {
    await using server = new ReleasesServer();
    const words = TARGETS.map(targetName).filter((name) => name !== "linux-arm64" || name === HOST);
    const targets = Object.fromEntries(words.map((name) => [name, name]));
    const { service } = await releaseTool(server, {
      release: { asset: "tool-${target}", targets },
    });
    const bodies = words.map((name) => `#!/bin/sh\n# ${name}\n`);
    const sums = await Promise.all(
      words.map(async (name, index) => `${await sha256Of(bodies[index]!)}  tool-${name}\n`),
    );
    server.route("/1.0/SHA256SUMS", { kind: "answer", body: sums.join("") });
    words.forEach((name, index) =>
      server.route(`/1.0/tool-${name}`, { kind: "answer", body: bodies[index]! })
    );
    await hale.services({ tool: service });
    const { fetched, targets: others } = await hale.json("fetch", "--all-targets");
    assertEquals(fetched.length, 1);
    assertEquals(others.length, TARGETS.length - 1);
    const locked = await readLock(hale);
    assertEquals(locked.map(({ target }) => target), words.toSorted());
    for (const { target, size, sha256 } of locked) {
      const body = bodies[words.indexOf(target)]!;
      assertEquals([size, sha256], [body.length, await sha256Of(body)], target);
    }
    if (HOST !== "linux-arm64") {
      const missing = others.find(({ target }: { target: string }) => target === "linux-arm64");
      assertStringIncludes(missing.detail, "is not released for linux-arm64");
    }
    // A second run requests nothing.
    const before = server.requests();
    await hale.ok("fetch", "--all-targets");
    assertEquals(server.requests(), before);
  },
);

haleTest("hale up warns and continues when hale.lock cannot be written", async (hale) => {
  if (Deno.uid() === 0) return; // Root may write anywhere.
  await using server = new ReleasesServer();
  const { service } = await releaseTool(server);
  await hale.services({ tool: service });
  await Deno.chmod(hale.folder, 0o555);
  try {
    const { stderr } = await hale.ok("up");
    assertStringIncludes(stderr, "warning: Could not write");
  } finally {
    await Deno.chmod(hale.folder, 0o755);
  }
});
