import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { until } from "../fixtures/until.ts";
import { haleTest } from "./hale.ts";
import { script, SLEEPER } from "./services.ts";

haleTest("hale logs shows the last lines of both streams, or of one", async (hale) => {
  await hale.services({ web: script("seq 1 30; sleep 0.1; echo oops >&2; exec sleep 60") });
  await hale.ok("up");
  await until(async () => await hale.output("web", "stderr") !== "");
  assertEquals((await hale.ok("logs", "web", "-n", "2")).stdout, "30\noops\n");
  assertEquals((await hale.ok("logs", "web")).stdout.split("\n").length, 21);
  assertEquals((await hale.ok("logs", "web", "-n", "2", "--stdout")).stdout, "29\n30\n");
  assertEquals((await hale.ok("logs", "web", "--stderr")).stdout, "oops\n");
  assertEquals(
    (await hale.ok("logs", "web", "-n", "2", "--json")).stdout,
    '{"service":"web","stream":"stdout","line":"30"}\n' +
      '{"service":"web","stream":"stderr","line":"oops"}\n',
  );
  assertEquals((await hale.run("logs", "web", "--stdout", "--stderr")).code, 2);
});

haleTest("hale logs names the service of each line when there are several", async (hale) => {
  await hale.services({ web: script("echo one; exec sleep 60"), silent: SLEEPER });
  await hale.ok("up");
  const { stdout, stderr } = await hale.ok("logs", "web", "silent");
  assertEquals([stdout, stderr], ["web    | one\n", "silent has written nothing\n"]);
});

haleTest("hale logs --follow shows lines as they come, over restarts", async (hale) => {
  await hale.services({ web: script("echo begins; exec sleep 60") });
  await hale.ok("up");
  const logs = hale.start(["logs", "web", "-f", "--json"]);
  await logs.said("stdout", (text) => text.includes("begins"));
  await hale.ok("restart", "web");
  await logs.said("stdout", (text) => text.split("\n").length === 3);
  logs.signal("SIGINT");
  const { code, stdout } = await logs.result;
  assertEquals([code, stdout], [
    130,
    '{"service":"web","stream":"stdout","line":"begins"}\n'.repeat(2),
  ]);
});

haleTest("hale logs ends quietly when its reader has enough", async (hale) => {
  await hale.services({ web: script("seq 1 100000; while :; do echo on; sleep 0.01; done") });
  await hale.ok("up");
  for (const args of [["-n", "100000"], ["-f"]]) {
    const { code, stdout, stderr } = await hale.startInTerminal(
      '{ "$@"; echo "status $?" >&2; } | head -n 1',
      ...["logs", "web", ...args],
    ).result;
    assertEquals([code, stdout.split("\n").length, stderr], [0, 2, "status 0\n"]);
  }
});

haleTest("hale logs tells nothing of what was never started", async (hale) => {
  await hale.services({ web: SLEEPER });
  const { stdout, stderr } = await hale.ok("logs", "web");
  assertEquals([stdout, stderr], ["", "web has written nothing\n"]);
  assertStringIncludes((await hale.ok("history", "web")).stderr, "web has no history");
});

/** Writes `line 0`, `line 1` and so on, some five hundred a second. */
const COUNT = (before = "") =>
  `${before} i=0; while :; do echo "line $i"; i=$((i + 1)); [ $((i % 2)) = 0 ] && sleep 0.001; done`;

haleTest(
  "hale logs does not show that a log is rotated while the service holds it",
  async (hale) => {
    await hale.services({ web: { ...script(COUNT()), logs: { max_size: "2KB", keep: 1_000 } } });
    await hale.ok("up");
    const { pid } = await hale.status("web");
    const following = hale.start(["logs", "web", "-f", "-n", "100000"]);
    await until(
      () => hale.filesIn("runtimes").some((path) => path.endsWith("stdout.log.3")),
      20_000,
    );
    // A supervisor that is killed leaves the logs to the next one.
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
    assertEquals([followed.code, followed.stderr], [130, ""]);
    for (const text of [shown, followed.stdout]) {
      const numbers = text.trimEnd().split("\n").map((line) => Number(line.slice(5)));
      const lost = numbers.filter((number, index) => number !== (numbers[index - 1] ?? -1) + 1);
      // A rotation may lose what is written in some microseconds: hardly ever a line of this.
      assert(lost.length <= 1, `${lost}`);
    }
    assertEquals((await hale.status("web")).pid, pid);
  },
);

haleTest("hale rotates at a restart, and knows the last words of each launch", async (hale) => {
  await hale.services({
    web: {
      ...script("seq -f 'out %g' 1 300; seq -f 'err %g' 1 300 >&2; exit 3"),
      logs: { max_size: "2KB", keep: 1_000 },
      restart: { max: 4, delay: "1ms" },
    },
  });
  assertEquals((await hale.run("up")).code, 1);
  const { restarts, reason } = await hale.statusOnce("web", ({ state }) => state === "crashed");
  const words = Array.from({ length: 10 }, (_, index) => `err ${291 + index}`);
  assertEquals([restarts, reason!.fields!.stderr], [4, words]);
  for (const [stream, word] of [["stdout", "out"], ["stderr", "err"]] as const) {
    const { stdout } = await hale.ok("logs", "web", "-n", "100000", `--${stream}`);
    const launch = Array.from({ length: 300 }, (_, index) => `${word} ${index + 1}\n`).join("");
    assertEquals(stdout, launch.repeat(5));
    assert(hale.filesIn("runtimes").some((path) => path.endsWith(`${stream}.log.4`)));
  }
});

const REOPENS = `trap 'exec >>"$HALE_STDOUT" 2>>"$HALE_STDERR"' HUP;`;

haleTest("logs.reopen_signal makes the service open its log anew", async (hale) => {
  const logs = { max_size: "2KB", keep: 1_000, reopen_signal: "SIGHUP" } as const;
  await hale.services({ web: { ...script(COUNT(REOPENS)), logs } });
  await hale.ok("up");
  await until(() => hale.filesIn("runtimes").some((path) => path.endsWith("stdout.log.3")), 20_000);
  const numbers = (await hale.ok("logs", "web", "-n", "100000")).stdout.trimEnd().split("\n")
    .map((line) => Number(line.slice(5)));
  assertEquals(numbers, Array.from(numbers, (_, index) => index));
  assertEquals((await hale.events()).filter(({ type }) => type === "diagnostic"), []);
});

haleTest(
  "hale says when a service does not open its log anew, and rotates all the same",
  async (hale) => {
    const logs = { max_size: "2KB", keep: 1_000, reopen_signal: "SIGUSR2" } as const;
    await hale.services({ web: { ...script(COUNT("trap '' USR2;")), logs } });
    await hale.ok("up");
    const diagnostics = async () =>
      (await hale.events()).filter((event) => event.type === "diagnostic");
    const [event] = await until(async () => {
      const found = await diagnostics();
      return found.length > 0 && found;
    }, 20_000);
    assertEquals([event!.service, event!.code], ["web", "log_not_reopened"]);
    await until(
      () => hale.filesIn("runtimes").some((path) => path.endsWith("stdout.log.2")),
      20_000,
    );
    assertEquals((await diagnostics()).length, 1);
  },
);

haleTest("hale logs --since shows what was written in that time", async (hale) => {
  await hale.services({
    web: script("echo before; while ! [ -e go ]; do sleep 0.01; done; echo after; exec sleep 60"),
  });
  await hale.ok("up");
  const index = () => hale.filesIn("runtimes").some((path) => path.endsWith("stdout.log.index"));
  await until(index);
  const seenAt = Date.now();
  await until(() => Date.now() > seenAt + 1_000);
  await hale.write("go", "");
  await until(async () => (await hale.output("web")).includes("after"));
  const since = `${Date.now() - seenAt}ms`;
  assertEquals((await hale.ok("logs", "web", "--since", since)).stdout, "after\n");
  assertEquals((await hale.ok("logs", "web", "--since", "1h")).stdout, "before\nafter\n");
  assertEquals((await hale.ok("logs", "web", "--since", "1h", "-n", "1")).stdout, "after\n");
  const { stdout, stderr } = await hale.ok("logs", "web", "--since", "0ms", "--stderr");
  assertEquals([stdout, stderr], ["", "web has written nothing to stderr in that time\n"]);
});
