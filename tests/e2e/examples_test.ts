import { assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { freePorts } from "../../scripts/demo/free_ports.ts";
import { serveMirror } from "../../scripts/demo/mirror.ts";
import { until } from "../fixtures/until.ts";
import { type Hale, haleTest } from "./hale.ts";

const PAGE = new URL("../../src/cli/manual/jobs.md", import.meta.url);
const NAMES = ["engine", "redis", "tools"];

const missing = ["redis-server", "redis-cli", "npx"].filter((program) =>
  !new Deno.Command("/bin/sh", { args: ["-c", `command -v ${program}`] }).outputSync().success
);

if (missing.length > 0) {
  console.log(`The three programs of the manual are not run: no ${missing.join(", ")} here.`);
} else {
  haleTest("the three programs of the manual start, answer, restart and stop", async (hale) => {
    await using mirror = await serveMirror();
    const [engine] = freePorts([0, 1, 10]);
    const [redis] = freePorts([0]);
    const [tools] = freePorts([0]);
    const toml = (await example())
      .replaceAll("6379", String(redis))
      .replaceAll("3001", String(tools))
      .replace(
        `preset = "rivet-engine"`,
        `preset = "rivet-engine"\nendpoint = "http://127.0.0.1:${engine}"`,
      );
    await hale.config(toml);
    hale.env.RIVETKIT_ENGINE_RELEASES_ENDPOINT = mirror.endpoint;
    await hale.ok("up", "--timeout", "2m");
    assertEquals(
      (await hale.json("status")).map((it: { state: string; health: string }) =>
        `${it.state} ${it.health}`
      ),
      ["running healthy", "running healthy", "running healthy"],
    );
    assertStringIncludes(await askMcpServer(tools!), "protocolVersion");
    await killEachAndSeeItBack(hale);
    assertStringIncludes(await askMcpServer(tools!), "protocolVersion");
    await hale.ok("down");
    // Redis is checked with its own protocol.
    const { stdout } = await hale.ok("logs", "redis");
    assertStringIncludes(stdout, "User requested shutdown");
  });
}

async function example(): Promise<string> {
  const page = await Deno.readTextFile(PAGE);
  const mark = /<!-- run by tests\/e2e\/examples_test\.ts -->\s+```toml\n(.*?)```/s;
  return mark.exec(page)![1]!;
}

async function killEachAndSeeItBack(hale: Hale): Promise<void> {
  for (const name of NAMES) {
    const { pid } = await hale.status(name);
    Deno.kill(pid!, "SIGKILL");
    const back = await until(async () => {
      const now = await hale.status(name);
      return now.pid !== null && now.pid !== pid && now.health === "healthy" ? now : null;
    }, 60_000);
    assertNotEquals(back.pid, pid);
    assertEquals(back.restarts, 1);
  }
}

/** The handshake of the Model Context Protocol over streamable HTTP. */
async function askMcpServer(port: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/mcp`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "initialize",
      params: {
        protocolVersion: "2025-03-26",
        capabilities: {},
        clientInfo: { name: "hale-test", version: "1" },
      },
    }),
  });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const { value = "" } = await reader.read();
  await reader.cancel();
  return value;
}
