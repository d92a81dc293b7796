import { assertEquals } from "@std/assert";
import { LogReader } from "../../../src/logs/read/log_reader.ts";
import { timedLines } from "../../../src/logs/read/timed_lines.ts";
import { RotatingLog } from "../../../src/logs/rotate/rotating_log.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";

Deno.test("timedLines() ends at its end, although the file after a rotation has grown", () => {
  using folder = new TempFolder();
  const path = folder.write("stdout.log", "first\n");
  RotatingLog.open(path).rotateByRename({ max_size_bytes: 1, keep: 2 });
  folder.write("stdout.log", "second\n");
  using reader = new LogReader(path);
  const to = reader.end();
  Deno.writeTextFileSync(path, "third\n", { append: true });
  const lines = timedLines(reader, { from: reader.start(), to, samples: [] });
  assertEquals(Array.from(lines, ({ line }) => line), ["first", "second"]);
});
