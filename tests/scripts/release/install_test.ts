import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { targetName } from "../../../src/model/target.ts";
import { hostTarget } from "../../../src/platform/host_target.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { LoopbackGitHub } from "../setup/github.ts";

const SCRIPT = fromFileUrl(new URL("../../../scripts/release/install.sh", import.meta.url));
const ASSET = `hale-${targetName(hostTarget())}`;
const RELEASED = "#!/bin/sh\necho hale 1.2.3\n";

interface Installed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A user's machine. */
class Machine extends TempFolder {
  readonly github = new LoopbackGitHub();

  /** Runs the script from standard input, like `curl ... | sh`. */
  async install(env: Record<string, string> = {}): Promise<Installed> {
    const child = new Deno.Command("sh", {
      clearEnv: true,
      env: {
        PATH: "/usr/local/bin:/usr/bin:/bin",
        HOME: this.join("a home"),
        HALE_REPOSITORY: "acme/hale",
        HALE_RELEASES_ENDPOINT: this.github.url,
        ...env,
      },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(await Deno.readFile(SCRIPT));
    await writer.close();
    const { code, stdout, stderr } = await child.output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, stdout: text(stdout), stderr: text(stderr) };
  }

  /** Names of the files in a folder of this machine. */
  files(folder: string): string[] {
    try {
      return [...Deno.readDirSync(this.join(folder))].map(({ name }) => name);
    } catch {
      return [];
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.github[Symbol.asyncDispose]();
    this[Symbol.dispose]();
  }
}

unixTest("install.sh installs the newest release when none is named", async () => {
  await using machine = new Machine();
  await machine.github.release("1.2.3", ASSET, RELEASED);
  machine.github.latest = "1.2.3";
  const { code, stdout, stderr } = await machine.install();
  assertEquals([code, stderr], [0, ""]);
  const path = machine.join("a home/.local/bin/hale");
  assertEquals(
    stdout,
    `hale 1.2.3: ${path}\nAdd ${machine.join("a home/.local/bin")} to your PATH.\n`,
  );
  assertEquals(machine.files("a home/.local/bin"), ["hale"]);
  assertEquals((await Deno.stat(path)).mode! & 0o777, 0o755);
});

unixTest("install.sh removes what an installation left that was killed", async () => {
  await using machine = new Machine();
  await machine.github.release("1.2.3", ASSET, RELEASED);
  machine.github.latest = "1.2.3";
  const folder = machine.join("a home/.local/bin");
  for (const [name, hours] of [["AbCd12", 2], ["EfGh34", 0]] as const) {
    const left = `${folder}/.hale-install.${name}`;
    Deno.mkdirSync(left, { recursive: true });
    Deno.writeTextFileSync(`${left}/hale`, "x");
    Deno.utimeSync(left, new Date(), new Date(Date.now() - hours * 3_600_000));
  }
  assertEquals((await machine.install()).code, 0);
  // The younger one may be under way.
  assertEquals(machine.files("a home/.local/bin").toSorted(), [".hale-install.EfGh34", "hale"]);
});

unixTest("install.sh replaces an older version in a given folder", async () => {
  await using machine = new Machine();
  await machine.github.release("1.2.3", ASSET, RELEASED);
  Deno.mkdirSync(machine.join("my bin"));
  const old = machine.write("my bin/hale", "#!/bin/sh\necho old\n", { executable: true });
  const running = await Deno.open(old);
  const { code, stdout } = await machine.install({
    HALE_VERSION: "v1.2.3",
    HALE_INSTALL_DIR: machine.join("my bin"),
    PATH: `${machine.join("my bin")}:/usr/bin:/bin`,
  });
  assertEquals([code, stdout], [0, `hale 1.2.3: ${old}\n`]);
  assertEquals(machine.files("my bin"), ["hale"]);
  assertEquals(await new Response(running.readable).text(), "#!/bin/sh\necho old\n");
});

/** Failures that must not change the machine. */
const FAILURES: readonly {
  readonly when: string;
  readonly says: string;
  readonly arrange: (machine: Machine) => Promise<void>;
  readonly env?: Record<string, string>;
}[] = [
  {
    when: "the checksum is wrong",
    says: `${ASSET} has the wrong checksum`,
    arrange: ({ github }) => github.release("1.2.3", ASSET, RELEASED, "other"),
  },
  {
    when: "there is no checksum for this machine",
    says: `has no checksum for ${ASSET}`,
    arrange: ({ github }) => github.release("1.2.3", `${ASSET}.old`, RELEASED),
  },
  {
    when: "there is no such release",
    says: "/releases/download/v1.2.3/SHA256SUMS. Check the network",
    arrange: () => Promise.resolve(),
  },
  {
    when: "the new executable does not run",
    says: "does not run on this machine",
    arrange: ({ github }) => github.release("1.2.3", ASSET, "#!/bin/sh\nexit 1\n"),
  },
  {
    when: "no repository is known",
    says: "Set HALE_REPOSITORY",
    arrange: () => Promise.resolve(),
    env: { HALE_REPOSITORY: "" },
  },
];

for (const { when, says, arrange, env } of FAILURES) {
  unixTest(`install.sh keeps the installed version when ${when}`, async () => {
    await using machine = new Machine();
    await arrange(machine);
    Deno.mkdirSync(machine.join("bin"));
    machine.write("bin/hale", "old");
    const { code, stdout, stderr } = await machine.install({
      HALE_VERSION: "1.2.3",
      HALE_INSTALL_DIR: machine.join("bin"),
      ...env,
    });
    assertEquals([code, stdout], [1, ""]);
    assertStringIncludes(stderr, "hale was not installed: ");
    assertStringIncludes(stderr, says);
    assertEquals([machine.files("bin"), machine.read("bin/hale")], [["hale"], "old"]);
  });
}

Deno.test("install.sh and install.ps1 have the line that the release workflow replaces", async () => {
  // sed in release.yml would not fail if the line were missing.
  const read = (name: string) =>
    Deno.readTextFile(fromFileUrl(new URL(`../../../scripts/release/${name}`, import.meta.url)));
  assertStringIncludes(await read("install.sh"), "\nrepository=${HALE_REPOSITORY:-}\n");
  assertStringIncludes(await read("install.ps1"), "\n$repository = $env:HALE_REPOSITORY\n");
});
