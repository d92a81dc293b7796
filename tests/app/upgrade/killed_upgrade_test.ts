import { assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { openContext } from "../../../src/app/context.ts";
import { checkLeftovers } from "../../../src/app/doctor/check_leftovers.ts";
import { targetName } from "../../../src/model/target.ts";
import { hostTarget } from "../../../src/platform/mod.ts";
import { artifactFor } from "../../../scripts/compile/artifact.ts";
import { ReleasesServer } from "../../fixtures/releases_server.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { until } from "../../fixtures/until.ts";

const ONCE = fromFileUrl(new URL("upgrade_once.ts", import.meta.url));
const CONFIG = fromFileUrl(new URL("../../../deno.json", import.meta.url));
const ASSET = artifactFor(targetName(hostTarget())).fileName;

/** An installed executable and a server with releases. */
class Installation extends TempFolder {
  readonly server = new ReleasesServer();
  readonly executable: string;

  constructor() {
    super();
    Deno.mkdirSync(this.join("bin"));
    this.executable = this.write("bin/hale", "#!/bin/sh\n", { executable: true });
  }

  async release(version: string, text: string): Promise<void> {
    const base = `/acme/hale/releases/download/v${version}`;
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    this.server.route(`${base}/${ASSET}`, { kind: "answer", body: text });
    this.server.route(`${base}/SHA256SUMS`, {
      kind: "answer",
      body: `${new Uint8Array(digest).toHex()}  ${ASSET}\n`,
    });
  }

  /** A release that answers `answers` times for its version and then hangs, with its pid in a file. */
  async hangingRelease(version: string, answers: number): Promise<void> {
    await this.release(
      version,
      `#!/bin/sh
echo x >>"${this.join("asked")}"
if [ "$(wc -l <"${this.join("asked")}")" -gt ${answers} ]; then
  echo $$ >"${this.join("pid")}"
  exec sleep 600
fi
echo '{"version":"${version}"}'
`,
    );
  }

  start(version: string, home = "home"): Deno.ChildProcess {
    return new Deno.Command(Deno.execPath(), {
      args: ["run", "-qA", "--config", CONFIG, ONCE, this.join(home), this.executable, version],
      env: { HALE_REPOSITORY: "acme/hale", HALE_RELEASES_ENDPOINT: this.server.endpoint },
      stdin: "null",
      stdout: "piped",
    }).spawn();
  }

  /** Kills an upgrade while the new executable is asked for its version. */
  async killWhileAsked(version: string): Promise<void> {
    const child = this.start(version);
    const pid = Number(await until(() => this.read("pid").trim() || null));
    child.kill("SIGKILL");
    await child.output();
    Deno.kill(pid, "SIGKILL");
  }

  get files(): string[] {
    return [...Deno.readDirSync(this.join("bin"))].map(({ name }) => name).toSorted();
  }

  /** What `hale doctor` says about the leftovers. */
  get findings() {
    const context = openContext({ home: this.join("home") });
    return checkLeftovers(context, { executable: this.executable });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    this[Symbol.dispose]();
  }
}

function good(version: string): string {
  return `#!/bin/sh\necho '{"version":"${version}"}'\n`;
}

unixTest(
  "upgrade() removes what an upgrade left that was killed before the replacement",
  async () => {
    await using at = new Installation();
    await at.hangingRelease("99.0.0", 0);
    await at.killWhileAsked("99.0.0");
    const [staged] = at.files;
    assertMatch(staged!, /^\.hale-.*\.exe$/);
    assertEquals(at.findings.map(({ status, subject }) => [status, subject]), [
      ["note", at.join("bin", staged!)],
    ]);
    await at.release("99.0.1", good("99.0.1"));
    assertEquals((await at.start("99.0.1").output()).code, 0);
    assertEquals(at.files, ["hale"]);
    assertEquals(at.read("bin/hale"), good("99.0.1"));
    assertEquals(at.findings.map(({ status }) => status), ["ok"]);
  },
);

unixTest("upgrade() removes the old executable that a killed upgrade kept", async () => {
  await using at = new Installation();
  await at.hangingRelease("99.0.0", 1);
  await at.killWhileAsked("99.0.0");
  assertEquals(at.files, ["hale", "hale.old"]);
  assertEquals(at.findings, [{
    status: "note",
    subject: at.join("bin/hale.old"),
    message: "An upgrade is under way, or was killed and left this file (10 B).",
    remedy: "The next `hale upgrade` removes it.",
  }]);
  await at.release("99.0.1", good("99.0.1"));
  assertEquals((await at.start("99.0.1").output()).code, 0);
  assertEquals(at.files, ["hale"]);
});

unixTest("upgrade() does not touch the files of an upgrade that is under way", async () => {
  await using at = new Installation();
  await at.hangingRelease("99.0.0", 0);
  const first = at.start("99.0.0");
  const pid = Number(await until(() => at.read("pid").trim() || null));
  const before = at.files;
  await at.release("99.0.1", good("99.0.1"));
  const second = at.start("99.0.1", "another home");
  // It waits for the first one, which fails once its new executable is killed.
  await until(() => at.server.requests(`/acme/hale/releases/download/v99.0.1/${ASSET}`) > 0);
  assertEquals(at.files, before);
  Deno.kill(pid, "SIGKILL");
  assertEquals((await first.output()).success, false);
  assertEquals((await second.output()).code, 0);
  assertEquals(at.files, ["hale"]);
  assertEquals(at.read("bin/hale"), good("99.0.1"));
});

unixTest("upgrade() removes what a killed install.sh left, after an hour", async () => {
  await using at = new Installation();
  const [old, young] = [at.join("bin/.hale-install.AbCd12"), at.join("bin/.hale-install.EfGh34")];
  for (const folder of [old, young]) {
    Deno.mkdirSync(folder);
    Deno.writeTextFileSync(`${folder}/hale`, "x");
  }
  Deno.utimeSync(old, new Date(), new Date(Date.now() - 2 * 3_600_000));
  await at.release("99.0.1", good("99.0.1"));
  assertEquals((await at.start("99.0.1").output()).code, 0);
  assertEquals(at.files, [".hale-install.EfGh34", "hale"]);
});

Deno.test("checkLeftovers() reports downloads that were killed, and none that may be under way", () => {
  using folder = new TempFolder();
  const cache = folder.join("cache");
  const partial = folder.join("cache", "engine", "1.2.3", "linux-amd64", ".partial");
  Deno.mkdirSync(folder.join("cache", "engine", "1.2.3", "linux-amd64"), { recursive: true });
  Deno.writeTextFileSync(partial, "x".repeat(2048));
  const check = (inMs: number) =>
    checkLeftovers({ paths: { cache } as never }, {}, Date.now() + inMs)
      .map(({ status, subject, message, remedy }) => [status, subject, message, remedy]);
  assertEquals(check(0).map(([status]) => status), ["ok"]);
  assertEquals(check(3_600_000 + 1_000), [
    [
      "note",
      partial,
      "A download was killed 1h ago and left this (2 kiB).",
      "A download of the same release continues or removes it. You can delete it.",
    ],
  ]);
});
