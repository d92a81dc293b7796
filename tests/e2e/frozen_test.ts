import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { freePorts } from "../../scripts/demo/free_ports.ts";
import { type Hale, haleTest } from "./hale.ts";

const HTTP_SERVICE = fromFileUrl(new URL("http_service.ts", import.meta.url));

/** Starts an HTTP server that is checked several times a second. */
async function startServer(hale: Hale, health: Record<string, unknown>): Promise<number> {
  const [port = 0] = freePorts([0]);
  const service = {
    command: Deno.execPath(),
    args: ["run", "--quiet", "--no-config", "--allow-net=127.0.0.1", HTTP_SERVICE, String(port)],
  };
  const checks = { interval: "200ms", timeout: "200ms", ...health };
  await hale.services({
    web: { ...service, health: { http: `http://127.0.0.1:${port}/`, ...checks } },
  });
  await hale.ok("up");
  return (await hale.status("web")).pid!;
}

/** Returns the changes of health since the start. */
async function healthChanges(hale: Hale): Promise<string[]> {
  return (await hale.events()).flatMap((event) =>
    event.type === "health_changed" ? [`${event.from} ${event.to}`] : []
  );
}

haleTest(
  "a frozen service is not healthy, and nothing restarts before it is unhealthy",
  async (hale) => {
    const pid = await startServer(hale, { failures: 1_000, on_unhealthy: "restart" });
    const events = hale.start(["events", "--follow"]);
    Deno.kill(pid, "SIGSTOP");
    const frozen = await hale.statusOnce("web", ({ health }) => health === "unknown");
    assertMatch(frozen.health_detail ?? "", /^no answer from .* \(failed check [0-9]+ of 1000\)$/);
    const { stdout } = await hale.ok("status");
    assertMatch(stdout, /^web +running +unknown /m);
    assertStringIncludes(stdout, "web: health is unknown: no answer from ");
    assertEquals((await hale.run("status", "--check")).code, 4);
    await events.said("stdout", (text) => /web \| unknown: no answer from .* 1 of 1000/.test(text));
    Deno.kill(pid, "SIGCONT");
    const well = await hale.statusOnce("web", ({ health }) => health === "healthy");
    assertEquals([well.pid, well.restarts, well.health_detail], [pid, 0, null]);
    assertEquals((await hale.run("status", "--check")).code, 0);
    assertEquals(await healthChanges(hale), ["healthy unknown", "unknown healthy"]);
  },
);

haleTest("a service that stays frozen becomes unhealthy", async (hale) => {
  const pid = await startServer(hale, { failures: 3 });
  Deno.kill(pid, "SIGSTOP");
  const sick = await hale.statusOnce("web", ({ health }) => health === "unhealthy");
  assertMatch(sick.health_detail ?? "", /^no answer from /);
  Deno.kill(pid, "SIGCONT");
  await hale.statusOnce("web", ({ health }) => health === "healthy");
  assertEquals(await healthChanges(hale), [
    "healthy unknown",
    "unknown unhealthy",
    "unhealthy healthy",
  ]);
});

haleTest("hale up waits while the health of a running service is unknown", async (hale) => {
  const pid = await startServer(hale, { failures: 1_000, within: "50s" });
  Deno.kill(pid, "SIGSTOP");
  await hale.statusOnce("web", ({ health }) => health === "unknown");
  const late = await hale.run("up", "--timeout", "1s");
  assertEquals(late.code, 4);
  assertStringIncludes(
    late.stderr,
    "web is running, but its health is unknown after 1s: no answer",
  );
  const up = hale.start(["up"]);
  await up.said("stderr", (text) => text.includes("must be healthy: no answer from "));
  Deno.kill(pid, "SIGCONT");
  assertEquals((await up.result).code, 0);
});
