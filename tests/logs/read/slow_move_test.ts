import { assertEquals } from "@std/assert";
import { layoutLine, moveLine } from "../../../src/logs/layout/log_index.ts";
import { RotatingLog } from "../../../src/logs/rotate/rotating_log.ts";
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

for (const isReopened of [false, true]) {
  unixTest(
    `LogReader reads each line once while a move does not end, ${
      isReopened ? "and the program has reopened the log" : "in the middle of it"
    }`,
    () => {
      using folder = new TempFolder();
      const path = folder.join("stdout.log");
      const [newest, ...older] = isReopened ? [1, 2, 3] : [0, 2, 3];
      folder.write(newest === 0 ? "stdout.log" : "stdout.log.1", "third\n");
      folder.write(`stdout.log.${older[0]}`, "second\n");
      folder.write(`stdout.log.${older[1]}`, "first\n");
      if (isReopened) folder.write("stdout.log", "4\n");
      const index = layoutLine({ base: 13, older: [6, 0] }) +
        moveLine({ kind: "renamed", from: 13 });
      folder.write("stdout.log.index", index);
      using reader = new LogReader(path);
      let text = "";
      let position = { generation: 0, offset: 0 };
      const readOn = () => {
        for (;;) {
          const { bytes, next } = reader.read(position, new Uint8Array(100));
          position = next;
          if (bytes.length === 0) return;
          text += new TextDecoder().decode(bytes);
        }
      };
      readOn();
      assertEquals(text, "first\nsecond\nthird\n");
      if (!isReopened) return;
      const settled = index + layoutLine({ base: 19, older: [13, 6, 0] });
      folder.write("stdout.log.index", settled);
      readOn();
      assertEquals(text, "first\nsecond\nthird\n4\n");
    },
  );
}

Deno.test("RotatingLog.open() keeps positions when a supervisor was killed after the rename", () => {
  using folder = new TempFolder();
  // The program has written one more line before it has reopened the log.
  folder.write("stdout.log", "5\n");
  folder.write("stdout.log.1", "third\n4\n");
  folder.write("stdout.log.2", "second\n");
  folder.write("stdout.log.3", "first\n");
  const index = layoutLine({ base: 13, older: [6, 0] }) + moveLine({ kind: "renamed", from: 13 });
  folder.write("stdout.log.index", index);
  const { layout } = RotatingLog.open(folder.join("stdout.log"));
  assertEquals(layout, { base: 21, older: [13, 6, 0] });
});
