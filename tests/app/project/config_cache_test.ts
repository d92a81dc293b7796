import { assertEquals } from "@std/assert";
import { keptProject } from "../../../src/app/project/config_cache.ts";
import { configDigest } from "../../../src/config/config_digest.ts";
import { loadConfig } from "../../../src/config/load.ts";
import type { RuntimeSpec } from "../../../src/model/service_spec.ts";
import { homePaths } from "../../../src/home/home_paths.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";

const TOML = `[services.web]
command = "/bin/sh"
args = ["-c", "echo \${env.WORD}"]
`;

/** A folder with a `hale.toml` and a home, and how often the file was read. */
class Project implements Disposable {
  readonly folder = new TempFolder();
  readonly home = this.folder.join("home");
  path = this.folder.join("hale.toml");
  env: Record<string, string> = { WORD: "one", OTHER: "x" };
  reads = 0;

  constructor() {
    Deno.mkdirSync(this.home);
    this.write(TOML);
  }

  write(text: string): void {
    Deno.writeTextFileSync(this.path, text);
  }

  /** Reads the project as a command does that is started so much later. */
  async read(laterMs = 10_000): Promise<RuntimeSpec> {
    const { now } = Date;
    Date.now = () => now() + laterMs;
    try {
      const context = { home: this.home, paths: homePaths(this.home), env: this.env };
      return await keptProject(this.path, context, (env) => {
        this.reads++;
        return loadConfig(this.path, {
          env,
          target: { os: "linux", arch: "amd64" },
          dataDir: (_runtime, service) => this.folder.join("data", service),
        });
      });
    } finally {
      Date.now = now;
    }
  }

  [Symbol.dispose](): void {
    this.folder[Symbol.dispose]();
  }
}

Deno.test("keptProject() reads a file once, and gives the same the second time", async () => {
  using project = new Project();
  const first = await project.read();
  const second = await project.read();
  assertEquals(second, first);
  assertEquals(await configDigest(second.services[0]!), await configDigest(first.services[0]!));
  assertEquals(project.reads, 1);
  assertEquals(first.services[0]!.args, ["-c", "echo one"]);
});

Deno.test("keptProject() reads again what has changed, also to something of the same size", async () => {
  using project = new Project();
  await project.read();
  project.write(TOML.replace("web", "api"));
  assertEquals((await project.read()).services[0]!.name, "api");
  project.write(TOML);
  assertEquals((await project.read()).services[0]!.name, "web");
});

Deno.test("keptProject() goes by the variables that the file names, and no others", async () => {
  using project = new Project();
  await project.read();
  project.env = { WORD: "one", OTHER: "y" };
  await project.read();
  assertEquals(project.reads, 1);
  project.env = { WORD: "two" };
  assertEquals((await project.read()).services[0]!.args, ["-c", "echo two"]);
  assertEquals(project.reads, 2);
});

Deno.test("keptProject() keeps nothing of a file that was changed just now", async () => {
  using project = new Project();
  await project.read(0);
  await project.read(0);
  assertEquals(project.reads, 2);
});

Deno.test("keptProject() reads the file where half of what was kept is there, or no home", async () => {
  using project = new Project();
  await project.read();
  const { projects } = homePaths(project.home);
  for (const { name } of Deno.readDirSync(projects)) Deno.truncateSync(`${projects}/${name}`, 40);
  assertEquals((await project.read()).services[0]!.name, "web");
  assertEquals(project.reads, 2);
  Deno.removeSync(project.home, { recursive: true });
  await project.read();
  assertEquals([project.reads, [...Deno.readDirSync(project.folder.path)].length], [3, 1]);
});

Deno.test("keptProject() keeps what was read last of no more files than people use", async () => {
  using project = new Project();
  for (let count = 0; count < 40; count++) {
    project.path = project.folder.join(`${count}.toml`);
    project.write(TOML);
    await project.read();
  }
  assertEquals([...Deno.readDirSync(homePaths(project.home).projects)].length, 32);
  await project.read();
  assertEquals(project.reads, 40);
});
