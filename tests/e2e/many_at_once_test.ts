import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { haleTest } from "./hale.ts";
import { SLEEPER } from "./services.ts";

haleTest("twenty concurrent hale up start one supervisor and one launch", async (hale) => {
  await hale.services({ web: SLEEPER });
  const results = await Promise.all(Array.from({ length: 20 }, () => hale.run("up", "--json")));
  assertEquals(results.map(({ code }) => code), results.map(() => 0));
  const pids = new Set(results.map(({ stdout }) => JSON.parse(stdout)[0].pid));
  assertEquals([...pids], await hale.launchesOf("web"));
  assertEquals(pids.size, 1);
  const { items } = await hale.json("history", "web");
  assertEquals(items.filter(({ type }: { type: string }) => type === "launched").length, 1);
  const supervisors = (await hale.events()).filter(({ type }) => type === "supervisor_started");
  assertEquals(supervisors.length, 1);
  // No additional supervisor was started either.
  const log = await Deno.readTextFile(join(hale.home, "supervisor", "log"));
  assertEquals(log.trimEnd().split("\n").length, 1, log);
});
