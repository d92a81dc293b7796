import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Actor } from "../../../src/model/audit_record.ts";
import type { TranscriptRecord } from "../../../src/model/records.ts";
import { healthSpec } from "../../fixtures/health_spec.ts";
import {
  handover,
  reached,
  startServices,
  STAY,
  SupervisedHome,
} from "../../fixtures/supervised_home.ts";
import { unixTest } from "../../fixtures/unix_test.ts";

const ANN: Actor = { user: "ann", uid: 7, how: "cli" };

function summaryOf(entry: TranscriptRecord): string {
  if (entry.type === "requested") return `${entry.action} by ${entry.actor?.user ?? "hale"}`;
  return entry.type === "failed" ? `failed ${entry.reason.code}` : entry.type;
}

function transcriptOf(home: SupervisedHome): string[] {
  return home.transcript("api").map(summaryOf);
}

unixTest(
  "SupervisedService records requests and their actors in its transcript",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    const api = handover(home.script("api", STAY));
    runtime.configure([api]);
    const service = runtime.service("api");
    for (const how of ["start", "restart"] as const) {
      runtime.start([api], how, ANN);
      await reached(service, "running");
      runtime.start([api], "start", ANN); // Already running: no entry.
    }
    await runtime.stop(["api"], ANN);
    await runtime.stop(["api"], ANN);
    assertEquals(transcriptOf(home), [
      "start by ann",
      "launched",
      "restart by ann",
      "exited",
      "launched",
      "stop by ann",
      "exited",
    ]);
  },
);

unixTest(
  "SupervisedService records how long the program ran, without the end of what it left behind",
  async () => {
    await using home = new SupervisedHome();
    const { runtime } = await home.open();
    // The child is killed after its grace period of five seconds.
    const source = "(trap '' TERM; touch ready; while :; do sleep 1; done) & " +
      "while [ ! -e ready ]; do :; done; exit 3";
    startServices(runtime, [handover(home.script("api", source, { restart: { max: 0 } }))]);
    await reached(runtime.service("api"), "crashed");
    const exited = home.transcript("api").find((entry) => entry.type === "exited");
    if (exited?.type !== "exited") throw new Error("there is no such entry");
    assert(exited.ran_ms! < 5_000, `${exited.ran_ms}`);
  },
);

unixTest("SupervisedService records in its transcript why it gave up", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  const spec = home.script("api", "exit 3", { restart: { max: 1, delay_ms: 5 } });
  startServices(runtime, [handover(spec)]);
  await reached(runtime.service("api"), "crashed");
  assertEquals(transcriptOf(home), [
    "start by hale",
    "launched",
    "exited",
    "launched",
    "exited",
    "failed restarts_exhausted",
  ]);
  const last = home.transcript("api").at(-1)!;
  if (last.type !== "failed") throw new Error(`the last entry is ${last.type}`);
  assertStringIncludes(last.reason.message, "exited with code 3");
  assertEquals(last.reason.fields, undefined, "the entry `exited` has stderr");
});

unixTest("SupervisedService records failed starts in its transcript", async () => {
  await using home = new SupervisedHome();
  const { runtime } = await home.open();
  const specWithin = (within_ms: number) =>
    home.script("api", STAY, {
      health: healthSpec({ kind: "exec", command: ["false"] }, { within_ms }),
    });
  startServices(runtime, [handover(specWithin(60_000), { binary: "/nowhere/at/all" })]);
  await reached(runtime.service("api"), "crashed");
  startServices(runtime, [handover(specWithin(50), { config_digest: "digest-2" })]);
  await reached(runtime.service("api"), "starting");
  await reached(runtime.service("api"), "crashed");
  const failures = transcriptOf(home).filter((entry) => entry.startsWith("failed"));
  assertEquals(failures, ["failed binary_not_found", "failed health_check_failed"]);
});
