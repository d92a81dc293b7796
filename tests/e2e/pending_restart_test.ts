import { assertEquals, assertObjectMatch } from "@std/assert";
import { haleTest } from "./hale.ts";
import { script } from "./services.ts";

haleTest("a restart keeps its time when the supervisor is killed before it", async (hale) => {
  await hale.services({
    web: { ...script("echo x >>runs; exit 7"), restart: { delay: "10m" } },
  });
  await hale.run("up", "--timeout", "2s");
  const { next_restart_at } = await hale.statusOnce("web", ({ state }) => state === "backoff");
  const pending = { state: "backoff", restarts: 0, next_restart_at };
  await hale.killSupervisor();
  assertObjectMatch(await hale.status("web"), pending);
  assertObjectMatch(await hale.statusOnce("web", ({ supervised }) => supervised), pending);
  assertEquals(await Deno.readTextFile(`${hale.folder}/runs`), "x\n");
});
