import { assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { chosenScenarios } from "../../../scripts/fault/chosen_scenarios.ts";
import { LaunchLedger } from "../../../scripts/fault/launch_ledger.ts";
import { Random } from "../../../scripts/fault/random.ts";
import { isClean, renderReport } from "../../../scripts/fault/report.ts";
import { SCENARIOS } from "../../../scripts/fault/scenarios.ts";
import { Stranger } from "../../../scripts/fault/stranger.ts";
import { Tally } from "../../../scripts/fault/tally.ts";
import { compareRecords } from "../../../scripts/fault/written_records.ts";
import { RuntimeStore } from "../../../src/store/runtime/runtime_store.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { linuxTest } from "../../fixtures/unix_test.ts";
import { until } from "../../fixtures/until.ts";

linuxTest("Stranger.judge() counts each stranger that a signal has reached", async () => {
  await using untouched = Stranger.start({ hasWorker: true });
  await using signalled = Stranger.start({ hasWorker: true });
  await using killed = Stranger.start();
  const all = [untouched, signalled, killed];
  await until(() => all.every(({ isReady }) => isReady));
  const judge = () => {
    const tally = new Tally();
    for (const stranger of all) stranger.judge(tally, "here");
    return tally.toJSON();
  };
  assertEquals(judge().strangers, 0);
  Deno.kill(-signalled.pid, "SIGTERM");
  Deno.kill(killed.pid, "SIGKILL");
  await until(() => judge().details.length === 2 && judge().details[0]!.includes("TERM, TERM"));
  const [first, second] = judge().details;
  assertMatch(first!, /^strangers: here: a stranger \(pid \d+\) got TERM, TERM$/);
  assertMatch(second!, /got it is (?:gone|zombie)$/);
});

linuxTest("LaunchLedger notes a launch that runs beside a process of an earlier one", async () => {
  using folder = new TempFolder();
  const ledger = new LaunchLedger(folder.path);
  const run = (launch: string, text: string) =>
    new Deno.Command("sh", {
      args: ["-c", ledger.opening("web") + text],
      env: { HALE_LAUNCH: launch },
    }).spawn();
  await run("one", "true").status;
  const orphan = run("two", "exec sleep 60");
  await until(() => ledger.launches("web").length === 2);
  await run("three", "true").status;
  orphan.kill("SIGKILL");
  await orphan.status;
  assertEquals(ledger.launches("web"), ["one", "two", "three"]);
  assertEquals(ledger.overlaps("web"), ["three"]);
});

Deno.test("compareRecords() reports records that were acknowledged and are not there", async () => {
  using folder = new TempFolder();
  const store = RuntimeStore.open(folder.path, "app");
  const message = "one";
  store.appendEvent({ type: "diagnostic", service: null, code: "written", message });
  store.appendEvent({ type: "diagnostic", service: null, code: "written", message });
  await store.close();
  const found: string[] = [];
  const seen = { event: 3, entry: 1, audit: 0, snapshot: 2, environment: 8 };
  await compareRecords(folder.path, seen, (what, detail) => found.push(`${what}: ${detail}`));
  assertEquals(found, [
    "lost: event 3 was acknowledged, 2 is the last",
    "doubled: the event one is there twice",
    "lost: entry 1 was acknowledged, 0 is the last",
    "lost: snapshot 2: 0 is there",
    "lost: environment 8: 0 is there",
  ]);
});

Deno.test("renderReport() shows counts, scenarios that were not run, and each bad result", () => {
  const good = new Tally();
  good.add("kills", 2);
  good.add("acknowledged", 1_000);
  const bad = new Tally();
  bad.add("faults");
  bad.bad("hangs", "hale up");
  const results = [
    { name: "one", faults: "", skipped: null, tally: good.toJSON(), seconds: 3 },
    { name: "two", faults: "", skipped: null, tally: bad.toJSON(), seconds: 4 },
    { name: "three", faults: "", skipped: "needs root", tally: new Tally().toJSON(), seconds: 0 },
  ];
  assertEquals(results.map(isClean), [true, false, true]);
  const text = renderReport(results, { seed: 7, markdown: true });
  assertStringIncludes(text, "| one | 2 | 2 | 1,000 | 0 | 0 | 0 | 0 | 0 |\n");
  assertStringIncludes(text, "| two | 1 | 0 | 0 | 0 | 0 | 0 | 0 | 1 |\n");
  assertStringIncludes(text, "| three | not run: needs root | - |");
  assertStringIncludes(text, "| all | 3 | 2 | 1,000 | 0 | 0 | 0 | 0 | 1 |\n");
  assertStringIncludes(text, "two: hangs: hale up\nSeed 7, 7 s. Not run: three.");
});

Deno.test("chosenScenarios() refuses a name that it does not know", () => {
  assertEquals(chosenScenarios(SCENARIOS, ["disk"]).map(({ name }) => name), ["disk"]);
  assertEquals(chosenScenarios(SCENARIOS, []), SCENARIOS);
  assertThrows(() => chosenScenarios(SCENARIOS, ["disc"]), Error, "no scenario disc; there are ");
});

Deno.test("Random repeats its numbers for the same seed", () => {
  const numbers = (seed: number) => {
    const random = new Random(seed);
    return Array.from({ length: 5 }, () => random.next());
  };
  assertEquals(numbers(1), numbers(1));
  assertEquals(new Set([...numbers(1), ...numbers(2)]).size, 10);
  assertEquals(numbers(3).every((number) => number >= 0 && number < 1), true);
});
