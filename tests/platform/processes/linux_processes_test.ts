import { assertEquals } from "@std/assert";
import {
  anyHasInEnvironment,
  bootId,
  inspectProcesses,
  listProcesses,
  ownersOfPort,
  parseListeningInodes,
  parseSocketHolders,
  parseStat,
  startedBefore,
  wrongNames,
} from "../../../src/platform/processes/linux_processes.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";
import { linuxTest } from "../../fixtures/unix_test.ts";
import { until } from "../../fixtures/until.ts";

/** The fields after the name in `/proc/PID/stat`. */
const FIELDS = "S 812 813 814 0 -1 4194560 1523 0 0 0 2 1 0 0 20 0 1 0 987654 8192000 512 " +
  "18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0";

const EXPECTED = {
  pid: 4711,
  parent: 812,
  group: 813,
  session: 814,
  zombie: false,
  suspended: false,
  startTime: "987654",
};

for (const name of ["sh", "tmux: server", "a) S 1 1", "(sd-pam)", "x) (y", "two\nlines", " "]) {
  Deno.test(`parseStat() parses a process with the name ${JSON.stringify(name)}`, () => {
    assertEquals(parseStat(`4711 (${name}) ${FIELDS}`), { ...EXPECTED, command: name });
  });
}

Deno.test("parseStat() marks zombies and dead processes", () => {
  const states = ["R", "S", "D", "T", "t", "I", "Z", "X"];
  const dead = states.filter((state) => parseStat(`1 (x) ${state}${FIELDS.slice(1)}`)?.zombie);
  assertEquals(dead, ["Z", "X"]);
});

Deno.test("parseStat() marks suspended processes, not traced ones", () => {
  const states = ["R", "S", "D", "T", "t", "I", "Z", "X"];
  const held = states.filter((state) => parseStat(`1 (x) ${state}${FIELDS.slice(1)}`)?.suspended);
  assertEquals(held, ["T"]);
});

Deno.test("parseStat() returns null when the entry is incomplete", () => {
  const line = `4711 (sh) ${FIELDS}`;
  const startTimeEnd = line.indexOf("987654 ") + "987654".length;
  for (let length = 0; length <= startTimeEnd; length++) {
    assertEquals(parseStat(line.slice(0, length)), null, `${length} bytes`);
  }
  assertEquals(parseStat(line.slice(0, startTimeEnd + 1))?.startTime, "987654");
  assertEquals(parseStat(""), null);
  assertEquals(parseStat("cat: /proc/4711/stat: No such file or directory"), null);
});

Deno.test("parseListeningInodes() returns listening sockets, not connected ones", () => {
  const table = [
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
    "   0: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 111 1",
    "   1: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 222 1",
    "   2: 0100007F:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 333 1",
    "  sl  local_address                         remote_address                        st ...",
    "   0: 00000000000000000000000001000000:1F91 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 444 1",
    "   1: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 555 1",
  ].join("\n");
  assertEquals(parseListeningInodes(table, 8080), ["222", "555"]);
  assertEquals(parseListeningInodes(table, 80), ["333"]);
  assertEquals(parseListeningInodes(table, 8081), ["444"]);
  assertEquals(parseListeningInodes(table, 50000), []);
});

Deno.test("parseSocketHolders() returns the processes that have the sockets open", () => {
  const listing = [
    "/proc/1/fd:",
    "total 0",
    "lrwx------ 1 root root 64 Nov 21 10:11 0 -> /dev/null",
    "/proc/812/fd:",
    "total 0",
    "lrwx------ 1 root root 64 Nov 21 10:11 3 -> socket:[2221]",
    "lrwx------ 1 root root 64 Nov 21 10:11 4 -> socket:[222]",
    "/proc/813/fd:",
    "lrwx------ 1 root root 64 Nov 21 10:11 4 -> socket:[222]",
  ].join("\n");
  assertEquals(parseSocketHolders(listing, ["222"]), [812, 813]);
  assertEquals(parseSocketHolders(listing, ["222", "2221"]), [812, 813]);
  assertEquals(parseSocketHolders(listing, ["22"]), []);
});

linuxTest("inspectProcesses() returns existing processes when others do not exist", async () => {
  const found = await inspectProcesses([Deno.pid, 4_194_304_0, 1]);
  assertEquals([...found.keys()].sort((a, b) => a - b), [1, Deno.pid]);
  assertEquals(found.get(Deno.pid)?.parent, Deno.ppid);
  assertEquals((await inspectProcesses([])).size, 0);
});

linuxTest(
  "listProcesses() agrees with inspectProcesses() on a process with an unusual name",
  async () => {
    using folder = new TempFolder();
    const program = folder.join("a) Z (\n1");
    await Deno.copyFile("/bin/sleep", program);
    const child = new Deno.Command(program, { args: ["60"] }).spawn();
    try {
      const listed = await until(async () =>
        (await listProcesses()).find(({ pid, command }) =>
          pid === child.pid && command === "a) Z (\n1"
        )
      );
      assertEquals((await inspectProcesses([child.pid])).get(child.pid), listed);
      assertEquals(listed.zombie, false);
    } finally {
      child.kill("SIGKILL");
      await child.status;
    }
  },
);

linuxTest("anyHasInEnvironment() compares whole entries", async () => {
  const child = new Deno.Command("/bin/sleep", { args: ["60"], env: { MARK: "one=two" } }).spawn();
  try {
    await until(() => anyHasInEnvironment("MARK=one=two"));
    assertEquals(await anyHasInEnvironment("MARK=one"), false);
    assertEquals(await anyHasInEnvironment("ARK=one=two"), false);
  } finally {
    child.kill("SIGKILL");
    await child.status;
  }
  assertEquals(await anyHasInEnvironment("MARK=one=two"), false);
});

linuxTest("ownersOfPort() returns the processes that listen on the port", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const [owner, ...more] = await ownersOfPort(port);
  assertEquals({ pid: owner?.pid, command: owner?.command, more }, {
    pid: Deno.pid,
    command: "deno",
    more: [],
  });
  listener.close();
  assertEquals(await ownersOfPort(port), []);
});

linuxTest("startedBefore() compares start times as numbers", async () => {
  const child = new Deno.Command("/bin/sleep", { args: ["60"] }).spawn();
  const found = await inspectProcesses([Deno.pid, child.pid]);
  child.kill("SIGKILL");
  await child.status;
  const [own, later] = [found.get(Deno.pid)!.startTime, found.get(child.pid)!.startTime];
  assertEquals([startedBefore(own, later), startedBefore(later, own)], [true, false]);
  assertEquals([startedBefore(own, own), startedBefore("999", "1000")], [false, true]);
});

linuxTest("bootId() returns the kernel's boot id", async () => {
  const { stdout } = await new Deno.Command("cat", {
    args: ["/proc/sys/kernel/random/boot_id"],
  }).output();
  assertEquals(await bootId(), new TextDecoder().decode(stdout).trim());
});

Deno.test("wrongNames() names the entries that are not UTF-8", () => {
  const bytes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
  assertEquals(wrongNames(bytes("A=1\0B=\xc3\x9c\0")), []);
  assertEquals(wrongNames(bytes("A=1\0B=\xff=\0C=2\0\xff=3\0D=\xc3")), ["B", "\ufffd", "D"]);
});
