import { assertEquals } from "@std/assert";
import { layoutLine, moveLine } from "../../../src/logs/layout/log_index.ts";
import type { LogPosition } from "../../../src/logs/layout/log_layout.ts";
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
      const read = readOn(reader, { generation: 0, offset: 0 });
      assertEquals(read.text, "first\nsecond\nthird\n");
      if (!isReopened) return;
      const settled = index + layoutLine({ base: 19, older: [13, 6, 0] });
      folder.write("stdout.log.index", settled);
      assertEquals(readOn(reader, read.position).text, "4\n");
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

/** Where the three files are, newest first, in each step of a move by which the newest becomes current again. */
const RETURNED: Readonly<Record<string, readonly string[][]>> = {
  "has not begun": [["stdout.log.1"], ["stdout.log.2"], ["stdout.log.3"]],
  "has linked the newest file": [
    ["stdout.log", "stdout.log.1"],
    ["stdout.log.2"],
    ["stdout.log.3"],
  ],
  "has moved the newest file": [["stdout.log"], ["stdout.log.2"], ["stdout.log.3"]],
  "has moved all files but one": [["stdout.log"], ["stdout.log.1"], ["stdout.log.3"]],
  "has moved all files": [["stdout.log"], ["stdout.log.1"], ["stdout.log.2"]],
};

for (const [step, files] of Object.entries(RETURNED)) {
  unixTest(`LogReader reads each line once while a return does not end that ${step}`, () => {
    using folder = new TempFolder();
    const path = folder.join("stdout.log");
    ["third\n", "second\n", "first\n"].forEach((text, index) => {
      const [name = "", linked] = files[index]!;
      folder.write(name, text);
      if (linked !== undefined) Deno.linkSync(folder.join(name), folder.join(linked));
    });
    const index = layoutLine({ base: 19, older: [13, 6, 0] }) +
      moveLine({ kind: "returned", from: 13 });
    folder.write("stdout.log.index", index);
    using reader = new LogReader(path);
    const read = readOn(reader, { generation: 0, offset: 0 });
    assertEquals(read.text, "first\nsecond\nthird\n");
    // A supervisor that was killed: the next one ends what it began.
    RotatingLog.open(path);
    Deno.writeTextFileSync(path, "4\n", { append: true });
    assertEquals(readOn(reader, read.position).text, "4\n");
  });
}

/** The files of the log in the steps of a copy of its current file, `third`. */
const COPIED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "has not emptied the log": {
    "stdout.log": "third\n",
    "stdout.log.copy": "third\n",
    "stdout.log.1": "second\n",
  },
  "has emptied the log": {
    "stdout.log": "",
    "stdout.log.copy": "third\n",
    "stdout.log.1": "second\n",
  },
  "has moved the older file": {
    "stdout.log": "4\n5\n6\n7\n",
    "stdout.log.copy": "third\n",
    "stdout.log.2": "second\n",
  },
  "has moved all files": {
    "stdout.log": "4\n5\n6\n7\n",
    "stdout.log.1": "third\n",
    "stdout.log.2": "second\n",
  },
};

for (const [step, files] of Object.entries(COPIED)) {
  unixTest(`LogReader reads each line once while a copy does not end that ${step}`, () => {
    using folder = new TempFolder();
    const path = folder.join("stdout.log");
    for (const [name, text] of Object.entries(files)) folder.write(name, text);
    const index = layoutLine({ base: 7, older: [0] }) + moveLine({ kind: "copied", from: 7 });
    folder.write("stdout.log.index", index);
    using reader = new LogReader(path);
    const read = readOn(reader, { generation: 0, offset: 0 });
    assertEquals(read.text, "second\nthird\n");
    RotatingLog.open(path);
    Deno.writeTextFileSync(path, "last\n", { append: true });
    const later = files["stdout.log"] === "third\n" ? "" : files["stdout.log"];
    assertEquals(readOn(reader, read.position).text, `${later}last\n`);
  });
}

unixTest(
  "LogReader reads what was written to a renamed file just before the program reopened",
  () => {
    using folder = new TempFolder();
    const path = folder.write("stdout.log", "first\n");
    RotatingLog.open(path).rotateByRename({ max_size_bytes: 1, keep: 2 });
    using reader = new LogReader(path);
    const { position } = readOn(reader, { generation: 0, offset: 0 });
    const stat = Deno.statSync;
    let isReopened = false;
    Deno.statSync = (file) => {
      if (file === path && !isReopened) {
        isReopened = true;
        Deno.writeTextFileSync(`${path}.1`, "second\n", { append: true });
        folder.write("stdout.log", "third\n");
      }
      return stat(file);
    };
    try {
      assertEquals(readOn(reader, position).text, "second\nthird\n");
    } finally {
      Deno.statSync = stat;
    }
  },
);

function readOn(reader: LogReader, from: LogPosition): { text: string; position: LogPosition } {
  let text = "";
  for (let position = from;;) {
    const { bytes, next } = reader.read(position, new Uint8Array(100));
    if (bytes.length === 0) return { text, position: next };
    text += new TextDecoder().decode(bytes);
    position = next;
  }
}
