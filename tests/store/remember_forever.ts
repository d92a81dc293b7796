/**
 * Writes all records of a runtime until it is killed. Prints each one once it is acknowledged: `e ID`
 * for an event, `t ID` for an entry of the transcript, `s N` for a snapshot of the service with N
 * restarts, `v N` for its environment.
 */

import { RuntimeStore } from "../../src/store/runtime/runtime_store.ts";
import { sampleEvent, sampleService, SMALL_LIMITS } from "./sample_records.ts";

const [home] = Deno.args as [string];
const print = (line: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
const store = RuntimeStore.open(home, "app", {
  limits: { events: SMALL_LIMITS, transcripts: SMALL_LIMITS },
});
print("open");
for (let number = store.services.get("api")?.restarts ?? 0;; number++) {
  const filling = "ü".repeat(number * 7 % 150);
  const { record, durable } = store.appendEvent(sampleEvent(filling));
  print(`e ${record.id}`);
  const entry = { type: "requested", action: "start", actor: null } as const;
  print(`t ${store.appendTranscript("api", entry).record.id}`);
  store.saveService({ ...sampleService("app", "api"), restarts: number });
  print(`s ${number}`);
  if (number % 8 !== 0) continue;
  store.saveEnvironment("api", { NUMBER: String(number) });
  print(`v ${number}`);
  await durable;
}
