/**
 * Appends records to a log until it is killed, or has written 200 MB. Prints the id of each record once
 * the append has returned: these records must exist afterwards.
 */

import { JsonLinesWriter } from "../../../src/store/jsonl/writer.ts";

const [path] = Deno.args as [string];
const log = JsonLinesWriter.open<{ text: string }>(path, { operation: "append" });
const text = "ü".repeat(50_000); // Long enough that a kill truncates it, in the middle of a character.
for (let size = 0, total = 0; total < 200_000_000; size = (size + 9_973) % text.length) {
  total += 2 * size;
  const { record, durable } = log.append({ text: text.slice(0, size) });
  Deno.stdout.writeSync(new TextEncoder().encode(`${record.id}\n`));
  if (record.id % 16 === 0) await durable;
}
