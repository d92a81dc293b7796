import {
  assert,
  assertEquals,
  assertObjectMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { openContext } from "../../../src/app/context.ts";
import { haleEngine, haleReleases, latestHale } from "../../../src/app/upgrade/hale_release.ts";
import { upgrade, type UpgradeOptions } from "../../../src/app/upgrade/upgrade.ts";
import { HaleError } from "../../../src/errors.ts";
import { targetName, TARGETS } from "../../../src/model/target.ts";
import { lockFile } from "../../../src/platform/file_lock.ts";
import { hostTarget } from "../../../src/platform/mod.ts";
import { releaseArtifact } from "../../../src/resolve/release/release.ts";
import { VERSION } from "../../../src/version.ts";
import { artifactFor } from "../../../scripts/compile/artifact.ts";
import { ReleasesServer } from "../../fixtures/releases_server.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { unixTest } from "../../fixtures/unix_test.ts";

const NEWER = "99.0.0";
const ASSET = artifactFor(targetName(hostTarget())).fileName;

/** An executable that responds to `version --json` like hale. */
function program(version: string): string {
  return `#!/bin/sh\n[ "$1 $2" = "version --json" ] && echo '{"version":"${version}"}'\n`;
}

/** An installed hale and a server with releases. */
class Installation extends TempFolder {
  readonly server = new ReleasesServer();
  readonly installed: string;
  readonly before: string = program(VERSION);

  constructor() {
    super();
    Deno.mkdirSync(this.join("a bin"));
    this.installed = this.write("a bin/hale", this.before, { executable: true });
  }

  /** Publishes a release; `checksumOf`: the text whose checksum is published. */
  async release(version: string, text: string, checksumOf = text): Promise<void> {
    const base = `/acme/hale/releases/download/v${version}`;
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(checksumOf));
    this.server.route(`${base}/${ASSET}`, { kind: "answer", body: text });
    this.server.route(`${base}/SHA256SUMS`, {
      kind: "answer",
      body: `${new Uint8Array(digest).toHex()}  ${ASSET}\n`,
    });
  }

  latest(version: string): void {
    const { endpoint } = this.server;
    this.server.redirect(
      "/acme/hale/releases/latest",
      `${endpoint}/acme/hale/releases/tag/v${version}`,
    );
  }

  upgrade(options: Partial<UpgradeOptions> = {}) {
    const context = openContext({ home: this.join("home") });
    const env = {
      ...context.env,
      HALE_REPOSITORY: "acme/hale",
      HALE_RELEASES_ENDPOINT: this.server.endpoint,
    };
    return upgrade({ ...context, env }, {
      executable: this.installed,
      version: null,
      check: false,
      signal: new AbortController().signal,
      onProgress: () => {},
      ...options,
    });
  }

  /** Contents of the installed executable. */
  get now(): string {
    return this.read("a bin/hale");
  }

  /** Names of all files in the folder of the executable. */
  get files(): string[] {
    return [...Deno.readDirSync(this.join("a bin"))].map(({ name }) => name).toSorted();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    this[Symbol.dispose]();
  }
}

unixTest("upgrade() replaces the executable when there is a newer release", async () => {
  await using at = new Installation();
  await at.release(NEWER, program(NEWER));
  at.latest(NEWER);
  const running = await Deno.open(at.installed);
  const done = await at.upgrade();
  assertEquals(done, {
    from: VERSION,
    to: NEWER,
    newer: true,
    path: at.installed,
    replaced: true,
    handed_over: false,
  });
  assertEquals(at.now, program(NEWER));
  assertEquals(at.files, ["hale"], "nothing is left beside it");
  assertEquals((await Deno.stat(at.installed)).mode! & 0o777, 0o755);
  assertEquals(
    await new Response(running.readable).text(),
    at.before,
    "nothing was written into a file that may be running",
  );
});

unixTest("upgrade() replaces the target of a link and keeps the link", async () => {
  await using at = new Installation();
  await at.release(NEWER, program(NEWER));
  at.latest(NEWER);
  const link = at.join("link");
  await Deno.symlink(at.installed, link);
  await at.upgrade({ executable: link });
  assertEquals(at.now, program(NEWER));
  assert((await Deno.lstat(link)).isSymlink);
});

unixTest("upgrade() changes nothing with `check`", async () => {
  await using at = new Installation();
  at.latest(NEWER);
  const done = await at.upgrade({ check: true });
  assertObjectMatch(done, { to: NEWER, newer: true, replaced: false });
  assertEquals({ now: at.now, requests: at.server.requests() }, { now: at.before, requests: 1 });
});

for (const latest of [VERSION, "0.0.1"]) {
  unixTest(`upgrade() keeps the executable when the newest release is ${latest}`, async () => {
    await using at = new Installation();
    at.latest(latest);
    const done = await at.upgrade();
    assertEquals({ newer: done.newer, replaced: done.replaced, now: at.now }, {
      newer: false,
      replaced: false,
      now: at.before,
    });
  });
}

unixTest("upgrade() installs an older version when it is named", async () => {
  await using at = new Installation();
  await at.release("0.0.1", program("0.0.1"));
  const done = await at.upgrade({ version: "v0.0.1" });
  assertObjectMatch(done, { to: "0.0.1", newer: false, replaced: true });
  assertEquals(at.now, program("0.0.1"));
});

/** Upgrades that must fail and change nothing. */
const FAILURES: readonly {
  readonly when: string;
  readonly code: string;
  readonly says: string;
  readonly arrange: (at: Installation) => Promise<void>;
}[] = [
  {
    when: "the checksum is wrong",
    code: "checksum_mismatch",
    says: "SHA-256",
    arrange: (at) => at.release(NEWER, program(NEWER), "something else"),
  },
  {
    when: "the new executable is another version",
    code: "spawn_failed",
    says: "reports 98.0.0",
    arrange: (at) => at.release(NEWER, program("98.0.0")),
  },
  {
    when: "the new executable does not run",
    code: "spawn_failed",
    says: "failed: ",
    arrange: (at) => at.release(NEWER, "#!/nowhere/sh\n"),
  },
  {
    when: "the new executable fails",
    code: "spawn_failed",
    says: "exited with 3: no such library",
    arrange: (at) => at.release(NEWER, "#!/bin/sh\necho no such library >&2\nexit 3\n"),
  },
  {
    when: "the new executable fails only after the replacement",
    code: "spawn_failed",
    says: "exited with 9",
    arrange: (at) =>
      at.release(NEWER, `#!/bin/sh\ncase $0 in */hale) exit 9;; esac\n${program(NEWER)}`),
  },
  {
    when: "there is no such release",
    code: "download_failed",
    says: "404",
    arrange: () => Promise.resolve(),
  },
];

for (const { when, code, says, arrange } of FAILURES) {
  unixTest(`upgrade() keeps the old executable when ${when}`, async () => {
    await using at = new Installation();
    await arrange(at);
    at.latest(NEWER);
    const error = await assertRejects(() => at.upgrade(), HaleError);
    assertEquals(error.code, code);
    assertStringIncludes(error.message, says);
    assertEquals({ now: at.now, files: at.files }, { now: at.before, files: ["hale"] });
  });
}

unixTest("upgrade() does not wait for a new executable that never ends", async () => {
  await using at = new Installation();
  // It ignores the request to end, and its child holds its standard output open.
  await at.release(NEWER, "#!/bin/sh\ntrap '' TERM\nsleep 60 & wait\nsleep 60\n");
  at.latest(NEWER);
  const error = await assertRejects(() => at.upgrade({ versionTimeoutMs: 300 }), HaleError);
  assertStringIncludes(error.message, `of hale ${NEWER} did not end within 0.3 seconds.`);
  assertEquals({ now: at.now, files: at.files }, { now: at.before, files: ["hale"] });
});

unixTest("upgrade() does not wait for another upgrade that never ends", async () => {
  await using at = new Installation();
  await at.release(NEWER, program(NEWER));
  at.latest(NEWER);
  using _other = await lockFile(at.join("home/cache/upgrade.lock"));
  const error = await assertRejects(() => at.upgrade({ lockTimeoutMs: 100 }), HaleError);
  assertStringIncludes(
    error.message,
    `Another upgrade of ${at.installed} has not ended for 0.1 seconds. Nothing was changed. If ` +
      "that process is suspended, continue or end it, then run the upgrade again.",
  );
  assertEquals(at.now, at.before);
});

unixTest("upgrade() says that it could not replace the executable, and keeps it", async () => {
  await using at = new Installation();
  await at.release(NEWER, program(NEWER));
  at.latest(NEWER);
  Deno.mkdirSync(`${at.installed}.old/inside`, { recursive: true });
  const error = await assertRejects(() => at.upgrade(), HaleError);
  assertStringIncludes(error.message, `Could not replace ${at.installed}: `);
  assertStringIncludes(
    error.message,
    "The old executable was kept. Run the upgrade as a user who can write to that folder, or " +
      "install hale into a folder of your own.",
  );
  assertEquals(at.now, at.before);
});

unixTest("latestHale() throws when nothing was released", async () => {
  await using at = new Installation();
  const error = await assertRejects(() => at.upgrade(), HaleError);
  assertEquals(error.code, "download_failed");
  assertStringIncludes(error.message, "without naming a release");
  assertStringIncludes(
    error.message,
    "Check HALE_REPOSITORY, or name the version: `hale upgrade VERSION`.",
  );
});

unixTest("latestHale() throws when the newest release is not a semantic version", async () => {
  await using at = new Installation();
  at.latest("2024.1");
  const error = await assertRejects(() => at.upgrade(), HaleError);
  assertEquals(error.code, "download_failed");
  assertStringIncludes(error.message, "v2024.1, expected a version such as v1.2.3");
  assertEquals(at.now, at.before);
});

Deno.test("latestHale() refuses an endpoint that is not http or https", async () => {
  const releases = { endpoint: "file:///mirror", repository: "acme/hale" };
  const error = await assertRejects(
    () => latestHale(releases, new AbortController().signal),
    HaleError,
    "hale upgrade VERSION",
  );
  assertEquals(error.code, "invalid_endpoint");
});

Deno.test("haleReleases() prefers the environment and refuses an invalid repository", () => {
  const github = "https://github.com";
  assertEquals(haleReleases({}, "acme/hale"), { endpoint: github, repository: "acme/hale" });
  assertEquals(
    haleReleases({ HALE_REPOSITORY: "b/c", HALE_RELEASES_ENDPOINT: "http://m/" }, "acme/hale"),
    { endpoint: "http://m", repository: "b/c" },
  );
  for (const env of [{}, { HALE_REPOSITORY: "https://github.com/b/c" }]) {
    try {
      haleReleases(env, null);
    } catch (error) {
      assert(error instanceof HaleError && error.code === "usage");
      assertEquals(
        error.message,
        "HALE_REPOSITORY" in env
          ? 'HALE_REPOSITORY is "https://github.com/b/c", expected OWNER/NAME.'
          : "This executable was built without the name of hale's repository. " +
            "Set HALE_REPOSITORY=OWNER/NAME.",
      );
      continue;
    }
    throw new Error("it was accepted");
  }
});

Deno.test("haleEngine() names the files that scripts/compile/compile.ts builds", async () => {
  const releases = haleReleases({}, "acme/hale");
  const engine = await haleEngine(releases, "1.2.3", openContext({ home: "/nowhere" }));
  for (const target of TARGETS) {
    const { fileName } = artifactFor(targetName(target));
    const { asset, url, checksumsUrls } = releaseArtifact(engine, target);
    const base = "https://github.com/acme/hale/releases/download/v1.2.3";
    assertEquals([asset, url], [fileName, `${base}/${fileName}`]);
    assertEquals(checksumsUrls[0], `${base}/SHA256SUMS`);
  }
});
