import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { freePorts } from "../scripts/demo/free_ports.ts";
import { serveMirror } from "../scripts/demo/mirror.ts";

const ROOT = fromFileUrl(new URL("..", import.meta.url));

Deno.test("README example of the library starts, watches and stops the real engine", async () => {
  const readme = await Deno.readTextFile(join(ROOT, "README.md"));
  const example = /<!-- tested by tests\/readme_test\.ts -->\n+```ts\n(.*?)```/s.exec(readme)![1]!;
  const folder = await Deno.makeTempDir();
  await using mirror = await serveMirror();
  const [port] = freePorts([0, 1, 10]);
  assertStringIncludes(example, "127.0.0.1:6420");
  const path = join(folder, "example.ts");
  await Deno.writeTextFile(path, example.replace("127.0.0.1:6420", `127.0.0.1:${port}`));
  try {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--permission-set", "--config", join(ROOT, "deno.json"), path],
      cwd: folder,
      env: {
        HALE_HOME: join(folder, "home"),
        RIVETKIT_STORAGE_PATH: join(folder, "storage"),
        RIVETKIT_ENGINE_RELEASES_ENDPOINT: mirror.endpoint,
        NO_COLOR: "1",
      },
      stdin: "null",
    }).output();
    assertEquals(new TextDecoder().decode(stderr), "");
    assertEquals(code, 0);
    const lines = new TextDecoder().decode(stdout).trim().split("\n");
    assertEquals(lines.at(-1)!.split(" ").slice(0, 3), ["engine", "running", "healthy"]);
  } finally {
    await endSupervisor(join(folder, "home"));
    await Deno.remove(folder, { recursive: true });
  }
});

async function endSupervisor(home: string): Promise<void> {
  const endpoint = join(home, "supervisor", "endpoint.json");
  const { pid } = JSON.parse(await Deno.readTextFile(endpoint));
  const watcher = Deno.watchFs(join(home, "supervisor"));
  Deno.kill(pid, "SIGTERM");
  const gone = () => Deno.stat(endpoint).then(() => false, () => true);
  if (!await gone()) {
    for await (const _change of watcher) if (await gone()) break;
  } else watcher.close();
}
