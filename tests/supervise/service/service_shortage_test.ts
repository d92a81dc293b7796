import { assertEquals, assertStringIncludes } from "@std/assert";
import { asHaleError, HaleError } from "../../../src/errors.ts";
import { launch } from "../../../src/spawn/launch.ts";
import type { Effects } from "../../../src/supervise/effects.ts";
import {
  changesOf,
  handover,
  reached,
  startServices,
  STAY,
  SupervisedHome,
} from "../../fixtures/supervised_home.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { until } from "../../fixtures/until.ts";

/** Returns the error that Deno throws without a free descriptor. */
function noDescriptor(): Error {
  return Object.assign(new Error("Too many open files (os error 24)"), { code: "EMFILE" });
}

/** Fails launches while it is set. */
function failing(isShort: () => boolean, error: () => unknown): Partial<Effects> {
  return {
    launch: (plan) => {
      if (isShort()) throw error();
      return launch(plan);
    },
  };
}

unixTest(
  "SupervisedService retries a restart that a shortage of the machine prevented",
  async () => {
    await using home = new SupervisedHome();
    let attempts = 0;
    let isShort = false;
    const effects = failing(() => {
      if (isShort) attempts++;
      return isShort;
    }, () => new HaleError("spawn_failed", "no descriptor", { cause: noDescriptor() }));
    const { runtime } = await home.open({ effects });
    startServices(runtime, [handover(home.script("api", STAY))]);
    const service = runtime.service("api");
    const [pid] = await until(() => home.runs("api").length === 1 && home.runs("api"));
    await reached(service, "running");
    isShort = true;
    Deno.kill(pid!, "SIGKILL");
    await until(() => attempts >= 2);
    await reached(service, "backoff");
    assertEquals(service.status.reason?.message, "no descriptor");
    isShort = false;
    await reached(service, "running");
    // What could not be started does not count as a restart.
    assertEquals(service.status.restarts, 1);
  },
);

unixTest("SupervisedService reports a first start that a shortage prevented at once", async () => {
  await using home = new SupervisedHome();
  const error = () => asHaleError(noDescriptor(), "spawn_failed");
  const { runtime } = await home.open({ effects: failing(() => true, error) });
  startServices(runtime, [handover(home.script("api", STAY))]);
  await reached(runtime.service("api"), "crashed");
  const changes = await changesOf(runtime, "api");
  assertStringIncludes(changes.at(-1)!.reason!.message, "Too many open files");
});
