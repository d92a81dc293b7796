import { assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import { freePorts } from "../../scripts/demo/free_ports.ts";
import { missingPrograms } from "../fixtures/program.ts";
import { type Hale, haleTest } from "./hale.ts";

const missing = missingPrograms(["node", "npx", "curl"]);

function serverTest(
  name: string,
  needs: readonly string[],
  test: (hale: Hale) => Promise<void>,
): void {
  const absent = needs.filter((program) => missing.includes(program));
  if (absent.length > 0) console.log(`skipped: "${name}" needs ${absent.join(" and ")}`);
  else haleTest(name, test);
}

const VITE = "vite@7.3.8";

serverTest(
  "Vite is healthy by http://localhost, by its log in colours, and by its endpoint",
  ["npx"],
  async (hale) => {
    // `localhost` is ::1 first for Node on many machines, and 127.0.0.1 alone for their resolvers.
    const ports = freePorts([0, 1, 2]);
    await hale.write("index.html", "<h1>Hello</h1>");
    const vite = (port: number, host: string) => ({
      command: "npx",
      args: ["-y", VITE, "--port", String(port), "--strictPort", "--host", host],
      env: { FORCE_COLOR: "1" },
    });
    await hale.services({
      http: {
        ...vite(ports[0]!, "::1"),
        health: { http: `http://localhost:${ports[0]}/`, within: "2m" },
      },
      log: {
        ...vite(ports[1]!, "127.0.0.1"),
        health: { log: "ready in \\d+ ms", within: "2m" },
        depends_on: ["http"],
      },
      endpoint: {
        ...vite(ports[2]!, "localhost"),
        endpoint: `http://localhost:${ports[2]}`,
        health: { within: "2m" },
        depends_on: ["http"],
      },
    });
    await hale.ok("up", "--timeout", "2m");
    const services = await hale.json("status");
    assertEquals(
      services.map(({ name, health }: { name: string; health: string }) => `${name} ${health}`),
      ["http healthy", "log healthy", "endpoint healthy"],
    );
  },
);

/** Answers 200 to one token, else 401; 404 to every Host but one. */
const GUARDED = `
require("node:http").createServer(({ headers, method }, response) => {
  const known = headers.host === "api.example.com";
  response.statusCode = !known || method !== "HEAD" ? 404
    : headers.authorization === "Bearer " + process.env.API_TOKEN ? 204 : 401;
  response.end();
}).listen(Number(process.argv[1]), "127.0.0.1");
`;

serverTest(
  "a check sends its headers and method, and no command shows their values",
  ["node"],
  async (hale) => {
    const [right, wrong] = freePorts([0, 1]);
    hale.env.API_TOKEN = "open-sesame";
    const guarded = (port: number, token: string) => ({
      command: "node",
      args: ["-e", GUARDED, String(port)],
      health: {
        http: `http://127.0.0.1:${port}/`,
        method: "HEAD" as const,
        headers: { Host: "api.example.com", Authorization: token },
        within: "5s",
      },
    });
    await hale.services({
      right: guarded(right!, "Bearer ${env.API_TOKEN}"),
      wrong: guarded(wrong!, "Bearer not-open-sesame"),
    });
    const up = await hale.run("up", "-v");
    assertEquals(up.code, 4);
    assertStringIncludes(up.stderr, `http://127.0.0.1:${wrong}/ returned 401, expected 2xx`);
    let shown = up.stdout + up.stderr;
    const lines = [
      "status",
      "status --json",
      "events --json",
      "history right --json",
      "history right --config",
      "history right --config --json",
      "config check --json",
      "resolve right --json",
      "audit --json",
      "doctor",
    ];
    for (const line of lines) {
      const { stdout, stderr } = await hale.run(...line.split(" "));
      shown += stdout + stderr;
    }
    assertStringIncludes(shown, "(not kept)");
    assertFalse(shown.includes("open-sesame"), shown);
    // What each accepts is its own decision.
    await hale.services({
      wrong: {
        ...guarded(wrong!, "Bearer not-open-sesame"),
        health: { ...guarded(wrong!, "Bearer x").health, status: ["2xx", 401] },
      },
    });
    await hale.ok("up");
  },
);

/** Serves HTTP on a Unix socket. */
const SOCKET_SERVER = 'require("node:fs").rmSync("app.sock", { force: true });' +
  'require("node:http").createServer((_, response) => response.end("ok")).listen("app.sock")';

serverTest("an exec check with curl reaches a Unix socket", ["node", "curl"], async (hale) => {
  const health = (path: string) => ({
    exec: ["curl", "-fsS", "--unix-socket", path, "http://localhost/health"],
    within: "5s",
  });
  const program = { command: "node", args: ["-e", SOCKET_SERVER] };
  await hale.services({ app: { ...program, health: health("app.sock") } });
  await hale.ok("up");
  await hale.ok("down");
  await hale.services({ app: { ...program, health: { ...health("other.sock"), within: "1s" } } });
  assertEquals((await hale.run("up")).code, 4);
});
