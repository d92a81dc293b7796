import { assertEquals, assertThrows } from "@std/assert";
import {
  assertBootId,
  assertProcessTable,
} from "../../../src/platform/processes/assert_process_table.ts";
import { parsePs } from "../../../src/platform/processes/darwin_processes.ts";
import { parseProcessCsv } from "../../../src/platform/processes/windows_processes.ts";

const NO_BOOT_ID = "the system's boot id could not be read: the output is empty";

Deno.test("assertProcessTable() throws when this process is missing", () => {
  const outputs = ["", "Get-CimInstance : Access denied", "4,0,639000000000000000,System\r\n"];
  for (const text of outputs) {
    assertThrows(() => assertProcessTable(parseProcessCsv(text)), Error, "could not be read");
  }
  assertThrows(() => assertProcessTable(parsePs("ps: fork failed\n")), Error, "0 processes");
});

Deno.test("assertProcessTable() returns a table that contains this process", () => {
  const table = parseProcessCsv(`4,0,639000000000000000,System\r\n${Deno.pid},4,1,deno.exe\r\n`);
  assertEquals(assertProcessTable(table), table);
});

Deno.test("assertBootId() throws when the output is empty", () => {
  assertEquals(assertBootId("639126300000000000\r\n"), "639126300000000000");
  for (const text of ["", " \r\n"]) assertThrows(() => assertBootId(text), Error, NO_BOOT_ID);
});
