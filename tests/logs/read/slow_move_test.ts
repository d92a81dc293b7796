import { assertEquals } from "@std/assert";
import { layoutLine, moveLine } from "../../../src/logs/layout/log_index.ts";
import { LogReader } from "../../../src/logs/read/log_reader.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { unixTest } from "../../fixtures/unix_test.ts";

unixTest("LogReader waits for a move that takes long on a busy machine", async () => {
  using folder = new TempFolder();
  const path = folder.write("stdout.log", "third\n");
  // Moved already. The current file follows.
  folder.write("stdout.log.2", "second\n");
  folder.write("stdout.log.3", "first\n");
  const index = layoutLine({ base: 13, older: [6, 0] }) + moveLine({ kind: "renamed", from: 13 });
  folder.write("stdout.log.index", index);
  // The reader blocks this program, so another one moves the files.
  folder.write("settled", layoutLine({ base: 19, older: [13, 6, 0] }));
  const move = "sleep 0.3; mv stdout.log stdout.log.1; cat settled >>stdout.log.index";
  const mover = new Deno.Command("sh", { args: ["-c", move], cwd: folder.path }).spawn();
  using reader = new LogReader(path);
  const { bytes, next } = reader.read({ generation: 6, offset: 0 }, new Uint8Array(100));
  const second = new TextDecoder().decode(bytes);
  const third = reader.read(next, new Uint8Array(100)).bytes;
  await mover.status;
  assertEquals([second, new TextDecoder().decode(third)], ["second\n", "third\n"]);
});
