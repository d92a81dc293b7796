import { assert, assertEquals, assertObjectMatch } from "@std/assert";
import { FakeClock } from "../../fixtures/fake_clock.ts";
import {
  handover,
  reached,
  startServices,
  SupervisedHome,
} from "../../fixtures/supervised_home.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { until } from "../../fixtures/until.ts";

const MINUTE = 60_000;

/** Starts a service that fails at once, and returns its supervisor during the pause of a minute. */
async function inBackoff(home: SupervisedHome) {
  const clock = new FakeClock();
  const opened = await home.open({ effects: { ...clock.effects, random: () => 0 } });
  const restart = { delay_ms: MINUTE, max_delay_ms: MINUTE };
  startServices(opened.runtime, [
    handover(home.script("api", 'echo "$$" >>api.runs; exit 1', { restart })),
  ]);
  await reached(opened.runtime.service("api"), "backoff");
  assertEquals(clock.pauses, [MINUTE]);
  return opened;
}

unixTest(
  "Supervisor waits for the rest of the delay of a restart, and not again for all of it",
  async () => {
    await using home = new SupervisedHome();
    const { supervisor } = await inBackoff(home);
    await supervisor.close();
    const dueAt = new Date(Date.now() + MINUTE / 2).toISOString();
    home.rewrite("api", () => ({ next_restart_at: dueAt }));
    const clock = new FakeClock();
    const { runtime } = await home.open({ effects: clock.effects });
    const [leftMs = 0, ...others] = clock.pauses;
    assert(leftMs > 0 && leftMs <= MINUTE / 2, `${leftMs} ms are left`);
    assertEquals(others, []);
    assertObjectMatch(runtime.service("api").status, {
      state: "backoff",
      next_restart_at: dueAt,
      restarts: 0,
    });
    assertEquals(home.runs("api").length, 1);
    clock.advance(MINUTE);
    await until(() => home.runs("api").length === 2);
  },
);

unixTest("Supervisor waits no longer than the whole delay if the clock was set back", async () => {
  await using home = new SupervisedHome();
  const { supervisor } = await inBackoff(home);
  await supervisor.close();
  const inADay = Date.now() + 24 * 60 * MINUTE;
  home.rewrite("api", () => ({
    failures_at: [new Date(inADay).toISOString()],
    next_restart_at: new Date(inADay + MINUTE).toISOString(),
  }));
  const clock = new FakeClock();
  const { runtime } = await home.open({ effects: clock.effects });
  assertEquals(clock.pauses, [MINUTE]);
  const { next_restart_at } = runtime.service("api").status;
  assert(Date.parse(next_restart_at!) <= Date.now() + MINUTE, next_restart_at!);
});

unixTest(
  "SupervisedService counts a restart when its delay is over, not one that is cancelled",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await inBackoff(home);
    const service = runtime.service("api");
    assertEquals(service.status.restarts, 0);
    await runtime.stop(["api"]);
    assertObjectMatch(service.status, { state: "stopped", restarts: 0, next_restart_at: null });
  },
);
