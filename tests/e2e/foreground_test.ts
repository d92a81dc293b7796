import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { haleTest } from "./hale.ts";
import { script, SLEEPER } from "./services.ts";

const CHATTY =
  'trap "echo bye; exit 0" TERM; echo hello; echo oops >&2; while :; do sleep 0.02; done';

haleTest(
  "hale up --foreground shows all that services write and stops them on Ctrl-C",
  async (hale) => {
    await hale.services({ web: script(CHATTY), longer: script(CHATTY) });
    const up = hale.start(["up", "--foreground"]);
    await up.said("stderr", (text) => text.includes("Ctrl-C stops the services.\n"));
    await up.said("stdout", (text) => text.match(/oops/g)?.length === 2);
    assertEquals((await hale.supervisor())!.pid, up.pid);
    up.signal("SIGINT");
    const { code, stdout, stderr } = await up.result;
    assertEquals(code, 130);
    assertStringIncludes(stderr, "stopping web, longer\n");
    for (const line of ["hello", "oops", "bye"]) {
      assertStringIncludes(stdout, `web    | ${line}\n`);
      assertStringIncludes(stdout, `longer | ${line}\n`);
    }
    assertEquals([await hale.processesOf("web"), await hale.processesOf("longer")], [[], []]);
    assertEquals(await hale.supervisor(), null);
  },
);

haleTest("hale up --foreground uses the supervisor there is and leaves it", async (hale) => {
  await hale.services({ web: script(CHATTY), other: SLEEPER });
  await hale.ok("up");
  const { pid } = (await hale.supervisor())!;
  const up = hale.start(["up", "web", "--foreground"]);
  await up.said("stderr", (text) => text.includes("Ctrl-C stops the services.\n"));
  assertStringIncludes(up.stderr, "web   | already running\n");
  up.signal("SIGTERM");
  const { code, stdout } = await up.result;
  // Its regular end where it is itself a service: not 130, as after Ctrl-C.
  assertEquals([code, stdout.includes("web | bye\n")], [0, true]);
  assertEquals([await hale.processesOf("web"), (await hale.supervisor())?.pid], [[], pid]);
  assertEquals((await hale.status("other")).state, "running");
});

haleTest("hale up --foreground tells of a crash and of the return", async (hale) => {
  await hale.services({ web: script(CHATTY) });
  const up = hale.start(["up", "--foreground"]);
  await up.said("stderr", (text) => text.includes("Ctrl-C stops the services.\n"));
  const { pid } = await hale.status("web");
  Deno.kill(pid!, "SIGKILL");
  await up.said("stderr", (text) => /backoff {2}SIGKILL.*running {2}pid/s.test(text));
  up.signal("SIGINT");
  await up.result;
});

haleTest("hale up --foreground ends when no service is left", async (hale) => {
  await hale.services({
    job: { ...script("sleep 0.3; echo done"), restart: { policy: "never" } },
    web: { ...script("sleep 0.4; echo failed >&2; exit 4"), restart: { policy: "never" } },
  });
  const { code, stdout, stderr } = await hale.run("up", "--foreground");
  assertEquals(code, 1);
  assertStringIncludes(stdout, "job | done\n");
  assertStringIncludes(stdout, "web | failed\n");
  assertMatch(stderr, /^job \| stopped {2}exit code 0$/m);
  assertStringIncludes(stderr, "error: web exited with code 4.");
  assertEquals(await hale.supervisor(), null);
});

haleTest("hale up --foreground leaves nothing when a service does not start", async (hale) => {
  await hale.services({
    web: SLEEPER,
    api: { ...script("echo no >&2; exit 2"), restart: { policy: "never" } },
  });
  const { code, stdout, stderr } = await hale.run("up", "--foreground");
  assertEquals([code, stdout], [1, "api | no\n"]);
  assertStringIncludes(stderr, "error: api exited with code 2.");
  assertEquals([await hale.processesOf("web"), await hale.supervisor()], [[], null]);
});
