import { join } from "@std/path";
import { JsonLinesWriter } from "../../../src/store/jsonl/writer.ts";
import { readRecords } from "../../../src/store/jsonl/read_records.ts";

export interface SampleRecord {
  readonly text: string;
}

export const READ = { operation: "read" };

export function open(path: string): JsonLinesWriter<SampleRecord> {
  return JsonLinesWriter.open<SampleRecord>(path, { operation: "append" });
}

export async function ids(path: string): Promise<number[]> {
  return (await Array.fromAsync(readRecords(path, READ))).map(({ id }) => id);
}

export async function withLog(run: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(join(folder, "log.jsonl"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
