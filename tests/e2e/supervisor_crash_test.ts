import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { ServiceStatus } from "../../src/model/service_state.ts";
import { lockFile } from "../../src/platform/file_lock.ts";
import { challengeIn, proofOf } from "../../src/supervise/api/supervisor_proof.ts";
import { haleTest } from "./hale.ts";
import { script } from "./services.ts";

haleTest(
  "a service and its logs continue when the supervisor is killed, and hale up starts no second one",
  async (hale) => {
    await hale.services({ web: script("while :; do echo on; sleep 0.02; done") });
    await hale.ok("up");
    const { pid } = await hale.status("web");
    const logs = hale.start(["logs", "web", "-f", "-n", "0"]);
    await logs.said("stdout", (text) => text !== "");
    await hale.killSupervisor();
    const written = logs.stdout.length;
    await logs.said("stdout", (text) => text.length > written + 20);

    assertEquals((await hale.ok("up")).stderr, "web | already running\n");
    assertEquals(await hale.launchesOf("web"), [pid!]);
    const supervisor = (await hale.supervisor())!;
    assert(await hale.isRunning(supervisor.pid));
    // The new supervisor supervises it like the old one.
    Deno.kill(pid!, "SIGKILL");
    const back = await hale.statusOnce("web", (status) => isAnother(status, pid));
    assertEquals(await hale.launchesOf("web"), [back.pid!]);
  },
);

haleTest(
  "commands that find a killed supervisor at the same time start one supervisor",
  async (hale) => {
    await hale.services({ web: script("exec sleep 60") });
    await hale.ok("up");
    for (let round = 0; round < 5; round++) {
      await hale.killSupervisor();
      // A reading command starts a supervisor without waiting for it, the others wait.
      await Promise.all(["status", "up", "status", "up"].map((command) => hale.ok(command)));
    }
    const log = await Deno.readTextFile(join(hale.home, "supervisor", "log"));
    assertEquals(log.match(/already runs/), null);
    const started = (await hale.ok("events", "--type", "supervisor_started")).stdout;
    assertEquals(started.trimEnd().split("\n").length, 6);
  },
);

haleTest(
  "hale up names a supervisor that does not respond, and says how to go on",
  async (hale) => {
    await hale.services({ web: script("exec sleep 60") });
    await hale.ok("up");
    const { pid } = (await hale.supervisor())!;
    const service = (await hale.status("web")).pid!;
    Deno.kill(pid, "SIGSTOP");
    const { code, stderr } = await hale.run("up");
    assertEquals(code, 1);
    assertEquals(
      stderr,
      `error: The supervisor (pid ${pid}) of the home ${hale.home} is running and does not respond. ` +
        `If it stays so, end it with \`kill -9 ${pid}\`: its services keep running, and the next command ` +
        `starts another supervisor. Its log is ${join(hale.home, "supervisor", "log")}.\n`,
    );

    await hale.killSupervisor();
    assertEquals((await hale.ok("up")).stderr, "web | already running\n");
    assertEquals((await hale.status("web")).pid, service);
  },
);

const UNANSWERED = {
  "fails": () => new Response("no", { status: 500 }),
  "hangs": () => new Promise<Response>(() => {}),
};

for (const [what, respond] of Object.entries(UNANSWERED)) {
  haleTest(`hale status is true when the supervisor ${what} after it was found`, async (hale) => {
    await hale.services({ web: script("exec sleep 60") });
    await hale.ok("up");
    const endpoint = (await hale.supervisor())!;
    const { pid } = await hale.status("web");
    await hale.killSupervisor();
    using _lock = await lockFile(join(hale.home, "supervisor", "lock"));
    const asked = Promise.withResolvers<void>();
    const ended = new AbortController();
    const { addr: { port } } = Deno.serve({
      hostname: "127.0.0.1",
      port: 0,
      signal: ended.signal,
      onListen: () => {},
    }, (request) => {
      const challenge = challengeIn(new URL(request.url));
      if (challenge !== null) {
        return Response.json({ proof: proofOf(endpoint.token, challenge) });
      }
      asked.resolve();
      return respond();
    });
    await Deno.writeTextFile(
      join(hale.home, "supervisor", "endpoint.json"),
      JSON.stringify({ ...endpoint, url: `http://127.0.0.1:${port}` }),
    );
    const [web] = JSON.parse((await hale.ok("status", "--json")).stdout);
    ended.abort();
    await asked.promise;
    assertEquals([web.state, web.pid, web.supervised], ["running", pid, false]);
  });
}

function isAnother(status: ServiceStatus, pid: number | null): boolean {
  return status.state === "running" && status.pid !== null && status.pid !== pid;
}
