import { assertEquals } from "@std/assert";
import { haleTest } from "./hale.ts";
import { script } from "./services.ts";

haleTest("services keep running when their terminal is closed", async (hale) => {
  await hale.services({ web: script("while :; do echo on; sleep 0.05; done") });
  const terminal = hale.startInTerminal('"$@"; sleep 60', "up");
  await terminal.said("stdout", (text) => /^web +running/m.test(text));
  const { pid } = await hale.status("web");
  terminal.signal("SIGHUP");
  await terminal.result;
  const logs = hale.start(["logs", "web", "--follow", "-n", "0"]);
  await logs.said("stdout", (text) => text.includes("on\non\n"));
  assertEquals((await hale.status("web")).pid, pid);
});
