import { assertEquals, assertThrows } from "@std/assert";
import {
  assertBootId,
  assertProcessTable,
} from "../../../src/platform/processes/assert_process_table.ts";
import { parsePs } from "../../../src/platform/processes/darwin_processes.ts";
import { parseProcessCsv } from "../../../src/platform/windows.ts";

Deno.test("assertProcessTable() refuses what a look shows that could not see", () => {
  const blind = ["", "Get-CimInstance : Access denied", "4,0,639000000000000000,System\r\n"];
  for (const text of blind) {
    assertThrows(() => assertProcessTable(parseProcessCsv(text)), Error, "could not be read");
  }
  assertThrows(() => assertProcessTable(parsePs("ps: fork failed\n")), Error, "(0 processes)");
});

Deno.test("assertProcessTable() believes what shows this process too", () => {
  const table = parseProcessCsv(`4,0,639000000000000000,System\r\n${Deno.pid},4,1,deno.exe\r\n`);
  assertEquals(assertProcessTable(table), table);
});

Deno.test("assertBootId() refuses silence, which all boots have in common", () => {
  assertEquals(assertBootId("639126300000000000\r\n"), "639126300000000000");
  for (const text of ["", " \r\n"]) assertThrows(() => assertBootId(text), Error, "which boot");
});
