/**
 * Writes everything that a runtime remembers until it is killed, saying each thing on its standard
 * output once it is acknowledged: `e ID` an event, `t ID` an entry of the transcript, `s N` a snapshot
 * of the service with N restarts, `v N` its environment.
 */

import { RuntimeStore } from "../../src/store/runtime/runtime_store.ts";
import { sampleEvent, sampleService, SMALL_LIMITS } from "./sample_records.ts";

const [home] = Deno.args as [string];
const say = (what: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${what}\n`));
const store = RuntimeStore.open(home, "app", {
  limits: { events: SMALL_LIMITS, transcripts: SMALL_LIMITS },
});
say("open");
for (let number = store.services.get("api")?.restarts ?? 0;; number++) {
  const filling = "ü".repeat(number * 7 % 150);
  const { record, durable } = store.appendEvent(sampleEvent(filling));
  say(`e ${record.id}`);
  const entry = { type: "requested", action: "start", actor: null } as const;
  say(`t ${store.appendTranscript("api", entry).record.id}`);
  store.saveService({ ...sampleService("app", "api"), restarts: number });
  say(`s ${number}`);
  if (number % 8 !== 0) continue;
  store.saveEnvironment("api", { NUMBER: String(number) });
  say(`v ${number}`);
  await durable;
}
