import { assert, assertEquals } from "@std/assert";
import { haleTest } from "./hale.ts";
import { SLEEPER } from "./services.ts";

haleTest("hale supervise keeps running while a service runs", async (hale) => {
  await hale.services({ web: SLEEPER });
  const supervise = hale.start(["supervise", "--idle-timeout", "4s"]);
  await supervise.said("stderr", (text) => text.includes("supervising "));
  await hale.ok("up");
  await hale.statusOnce("web", ({ uptime_seconds }) => uptime_seconds! >= 5);
  assertEquals((await hale.supervisor())!.pid, supervise.pid);
  await hale.ok("down");
  assertEquals((await supervise.result).code, 0);
  // The next command starts a new supervisor in the background.
  await hale.ok("up");
  assert((await hale.supervisor())!.pid !== supervise.pid);
});
