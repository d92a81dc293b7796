/** Prints the ids of the events of the runtime `app` of a home up to an id, and exits. */

import { followEvents } from "../../../src/app/records/follow_events.ts";

const [home, last] = Deno.args as [string, string];
const ended = new AbortController();
for await (const { id } of followEvents(home, "app", { after: 0, signal: ended.signal })) {
  console.log(id);
  if (id === Number(last)) ended.abort();
}
