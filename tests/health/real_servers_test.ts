import { assertEquals } from "@std/assert";
import { freePorts } from "../../scripts/demo/free_ports.ts";
import { probe } from "../../src/health/probe.ts";
import type { HealthCheck } from "../../src/model/health_spec.ts";
import { engineCheck } from "../fixtures/health_spec.ts";
import { missingPrograms, Program } from "../fixtures/program.ts";
import { unixTest } from "../fixtures/unix_test.ts";
import { until } from "../fixtures/until.ts";

const missing = missingPrograms(["node", "python3", "redis-server"]);

function serverTest(name: string, needs: string, test: () => Promise<void>): void {
  const skipped = missing.includes(needs);
  if (skipped) console.log(`skipped: "${name}" needs ${needs}`);
  else unixTest(name, test);
}

function page(url: string): HealthCheck {
  return engineCheck(url, { expect: {}, identify: {} });
}

async function becomesHealthy(check: HealthCheck): Promise<void> {
  await until(async () => (await probe(check, { timeoutMs: 2_000 })).kind === "healthy");
}

/** What Vite 7.3.8 does in `htmlFallbackMiddleware`: a page is for those that accept it. */
const STRICT_SERVER = `
const accepts = (accept = "") => accept === "" || /text\\/html|\\*\\/\\*/.test(accept);
require("node:http").createServer((request, response) => {
  response.statusCode = accepts(request.headers.accept) ? 200 : 404;
  response.end("<!DOCTYPE html>");
}).listen(Number(process.argv[1]), process.argv[2]);
`;

serverTest(
  "probe() is healthy on a server that answers 404 to application/json, on ::1 and as localhost",
  "node",
  async () => {
    const [port] = freePorts([0]);
    await using _server = new Program(["node", "-e", STRICT_SERVER, String(port), "::1"]);
    await becomesHealthy(page(`http://[::1]:${port}/`));
    const { kind } = await probe(page(`http://localhost:${port}/`), { timeoutMs: 2_000 });
    assertEquals(kind, "healthy");
    const strict = {
      ...page(`http://localhost:${port}/`),
      headers: { Accept: "application/json" },
    };
    const refused = await probe(strict as HealthCheck, { timeoutMs: 2_000 });
    assertEquals(
      refused.kind === "unhealthy" && refused.reason,
      `http://localhost:${port}/ returned 404, expected 2xx`,
    );
  },
);

for (const address of ["127.0.0.1", "::1"]) {
  serverTest(
    `probe() of localhost reaches python's http.server on ${address}`,
    "python3",
    async () => {
      const [port] = freePorts([0]);
      await using _server = new Program(
        ["python3", "-m", "http.server", String(port), "--bind", address],
      );
      await becomesHealthy(page(`http://localhost:${port}/`));
      await becomesHealthy({ kind: "tcp", host: "localhost", port: port! });
      await becomesHealthy({ ...page(`http://localhost:${port}/`), method: "HEAD" } as HealthCheck);
    },
  );

  serverTest(`probe() of localhost reaches Redis on ${address}`, "redis-server", async () => {
    const [port] = freePorts([0]);
    const options = ["--port", String(port), "--bind", address, "--save", ""];
    await using _server = new Program(["redis-server", ...options]);
    await becomesHealthy({ kind: "tcp", host: "localhost", port: port! });
  });
}
