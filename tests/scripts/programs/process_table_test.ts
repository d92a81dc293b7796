import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  parseListening,
  parseStat,
  readDetails,
  readProcessTable,
} from "../../../scripts/programs/process_table.ts";
import { hostTarget } from "../../../src/platform/mod.ts";

Deno.test("parseStat() reads a process whose name has blanks and parentheses", () => {
  const rest = "S 1 40 30 0 -1 4194624 376 0 0 0 15 1 0 0 20 0 5 0 4682 62283776";
  assertEquals(parseStat(`42 (a) b ) ${rest}`), {
    ...{ pid: 42, key: "42@4682", startedMs: 46_820 },
    ...{ parent: 1, group: 40, session: 30, zombie: false },
  });
});

Deno.test("parseStat() recognizes a zombie", () => {
  const rest = "Z 1 40 30 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4682 0";
  assertEquals(parseStat(`42 (web) ${rest}`).zombie, true);
});

Deno.test("parseListening() finds listening sockets of the ports, and no connections", () => {
  const text = [
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
    "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1",
    "   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 222 1",
    "   2: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 333 1",
  ].join("\n");
  assertEquals(parseListening(text, [8080]), ["socket:[111]"]);
});

Deno.test({
  name: "readProcessTable() and readDetails() see this process",
  ignore: hostTarget().os !== "linux",
  fn() {
    const self = readProcessTable().find(({ pid }) => pid === Deno.pid);
    assertEquals(self?.parent, Deno.ppid);
    const { command, folder } = readDetails(Deno.pid);
    assertStringIncludes(command, "deno");
    assertEquals(folder, Deno.cwd());
  },
});
