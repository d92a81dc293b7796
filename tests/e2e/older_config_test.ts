import { assertObjectMatch } from "@std/assert";
import type { ServiceTables } from "../../src/config/schema/tables.ts";
import { haleTest } from "./hale.ts";
import { SLEEPER } from "./services.ts";

/** Returns a port that was free a moment ago. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return (listener.addr as Deno.NetAddr).port;
}

function server(port: number): ServiceTables {
  const program = new URL("http_service.ts", import.meta.url).pathname;
  return {
    command: Deno.execPath(),
    args: ["run", "-q", "--allow-net", program, String(port)],
    endpoint: `http://127.0.0.1:${port}`,
    health: { interval: "100ms" },
  };
}

haleTest(
  "hale status shows the endpoint and the health of what runs, not of a newer hale.toml",
  async (hale) => {
    const [older, newer] = [freePort(), freePort()];
    await hale.services({ a: server(older), red: SLEEPER });
    await hale.ok("up", "a");
    const isOlder = {
      state: "running",
      health: "healthy",
      endpoint: `http://127.0.0.1:${older}`,
      config_changed: true,
    };
    await hale.services({ a: server(newer), red: SLEEPER });
    await hale.ok("up", "red");
    assertObjectMatch(await hale.status("a"), isOlder);

    await hale.killSupervisor();
    assertObjectMatch(await hale.status("a"), { ...isOlder, supervised: false });
    const isKnown = ({ supervised, health }: { supervised: boolean; health: string }) =>
      supervised && health !== "unknown";
    assertObjectMatch(await hale.statusOnce("a", isKnown), isOlder);

    await hale.ok("up");
    assertObjectMatch(await hale.status("a"), {
      endpoint: `http://127.0.0.1:${newer}`,
      config_changed: false,
    });
  },
);
