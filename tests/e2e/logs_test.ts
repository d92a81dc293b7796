import { assert, assertEquals } from "@std/assert";
import { until } from "../fixtures/until.ts";
import { haleTest } from "./hale.ts";
import { script } from "./services.ts";

/** Writes `line 0`, `line 1` and so on, about 500 a second. */
const COUNT = (before = "") =>
  `${before} i=0; while :; do echo "line $i"; i=$((i + 1)); [ $((i % 2)) = 0 ] && sleep 0.001; done`;

haleTest(
  "hale logs shows consecutive lines, also with --follow, when the log is rotated",
  async (hale) => {
    await hale.services({ web: { ...script(COUNT()), logs: { max_size: "2KB", keep: 1_000 } } });
    await hale.ok("up");
    const { pid } = await hale.status("web");
    const following = hale.start(["logs", "web", "-f", "-n", "100000"]);
    // With its first line it has found the supervisor, which may be killed from then on.
    await following.said("stdout", (text) => text !== "");
    await until(
      () => hale.filesIn("runtimes").some((path) => path.endsWith("stdout.log.3")),
      20_000,
    );
    // The next supervisor continues the rotation of a killed one.
    await hale.killSupervisor();
    await hale.ok("up");
    await until(
      () => hale.filesIn("runtimes").some((path) => path.endsWith("stdout.log.5")),
      20_000,
    );
    const { stdout: shown } = await hale.ok("logs", "web", "-n", "100000");
    const last = shown.trimEnd().split("\n").at(-1)!;
    await following.said("stdout", (text) => text.includes(`${last}\n`));
    following.signal("SIGINT");
    const followed = await following.result;
    // The follower may look for the supervisor just when that has been killed.
    const warning = "warning: No supervisor was running; one is starting in the background.\n";
    assertEquals([followed.code, followed.stderr.replace(warning, "")], [130, ""]);
    for (const text of [shown, followed.stdout]) {
      const numbers = text.trimEnd().split("\n").map((line) => Number(line.slice(5)));
      const lost = numbers.filter((number, index) => number !== (numbers[index - 1] ?? -1) + 1);
      // A rotation may lose lines that are written within some microseconds, so hardly any of these.
      assert(lost.length <= 1, `${lost}`);
    }
    assertEquals((await hale.status("web")).pid, pid);
  },
);

haleTest("hale logs --since shows the lines written since then", async (hale) => {
  await hale.services({
    web: script("echo before; while ! [ -e go ]; do sleep 0.01; done; echo after; exec sleep 60"),
  });
  await hale.ok("up");
  const index = () => hale.filesIn("runtimes").some((path) => path.endsWith("stdout.log.index"));
  await until(index);
  const seenAt = Date.now();
  // The command reads the clock when it has started, which takes a while on a loaded machine.
  await until(() => Date.now() > seenAt + 5_000);
  await hale.write("go", "");
  await until(async () => (await hale.output("web")).includes("after"));
  const since = `${Date.now() - seenAt}ms`;
  assertEquals((await hale.ok("logs", "web", "--since", since)).stdout, "after\n");
  assertEquals((await hale.ok("logs", "web", "--since", "1h")).stdout, "before\nafter\n");
  assertEquals((await hale.ok("logs", "web", "--since", "1h", "-n", "1")).stdout, "after\n");
  const { stdout, stderr } = await hale.ok("logs", "web", "--since", "0ms", "--stderr");
  assertEquals([stdout, stderr], ["", "web has no output on stderr in that time\n"]);
});
