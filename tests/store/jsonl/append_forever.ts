/**
 * Appends records to a log until it is killed, or has written 200 MB, saying the id of each on its standard output once the
 * append has returned: so many must be found afterwards.
 */

import { JsonLinesWriter } from "../../../src/store/jsonl/writer.ts";

const [path] = Deno.args as [string];
const log = JsonLinesWriter.open<{ text: string }>(path, { operation: "append" });
const text = "ü".repeat(50_000); // Long enough to be cut by a kill, in the middle of a character.
for (let size = 0, total = 0; total < 200_000_000; size = (size + 9_973) % text.length) {
  total += 2 * size;
  const { record, durable } = log.append({ text: text.slice(0, size) });
  Deno.stdout.writeSync(new TextEncoder().encode(`${record.id}\n`));
  if (record.id % 16 === 0) await durable;
}
