import { assertEquals } from "@std/assert";
import type { EventData } from "../../../src/model/records.ts";
import type { Survivor } from "../../../src/model/survivor.ts";
import { newSnapshot } from "../../../src/supervise/runtime/new_snapshot.ts";
import { StopRecords } from "../../../src/supervise/service/stop_records.ts";
import { serviceSpec } from "../../fixtures/service_spec.ts";

const SLEEP: Survivor = { pid: 7, command: "sleep", why: "not_permitted" };
const NAMED = "sleep (pid 7), not permitted (EPERM)";

/** The records of a service, and the messages and audit records that they make. */
function stopRecords() {
  const messages: string[] = [];
  const reasons: string[] = [];
  const appendEvent = (event: EventData) => {
    if (event.type === "diagnostic") messages.push(`${event.code}: ${event.message}`);
  };
  const records = new StopRecords({ records: { appendEvent }, changed: () => {} }, {
    audit: { killFailed: (_launch, reason) => reasons.push(reason) },
    snapshot: () => newSnapshot("r1", { spec: serviceSpec("web"), config_digest: "d" }),
  });
  return { records, messages, reasons };
}

Deno.test("StopRecords.survived() records what could not be ended once, and each change", () => {
  const { records, messages, reasons } = stopRecords();
  for (let attempt = 0; attempt < 3; attempt++) records.survived([SLEEP]);
  assertEquals(reasons, [NAMED]);
  assertEquals(records.report, { killed: null, survivors: [SLEEP] });
  records.survived([SLEEP, { pid: 8, command: "dd", why: "survived_kill" }]);
  const both = `${NAMED}; dd (pid 8), still running after SIGKILL`;
  assertEquals(reasons, [NAMED, both]);
  const said = "survivors_left: web left processes that could not be ended and are still running: ";
  assertEquals(messages, [said + NAMED, said + both]);
});

Deno.test("StopRecords.stopped() reports no survivor any more, and says what was killed", () => {
  const { records, messages } = stopRecords();
  records.survived([SLEEP]);
  records.stopped({ killed: null, killedLeftovers: [] });
  assertEquals(records.report, { killed: null, survivors: [] });
  assertEquals(messages.length, 1);
  records.stopped({ killed: "30s after SIGTERM", killedLeftovers: [] });
  assertEquals(messages.at(-1)?.split(":")[0], "killed");
  assertEquals(records.report?.killed?.endsWith(" and was killed"), true);
});
