import { assertEquals } from "@std/assert";
import { createColor } from "../../../src/cli/output/color.ts";
import { renderTable } from "../../../src/cli/render/table.ts";

const COLUMNS = [{ header: "NAME" }, { header: "PID", align: "right" }, { header: "AGE" }] as const;

Deno.test("renderTable() aligns columns when cells differ in width", () => {
  assertEquals(
    renderTable(COLUMNS, [["engine", "7", "3s"], ["db", "12345", ""]]),
    "NAME      PID  AGE\nengine      7  3s\ndb      12345",
  );
});

Deno.test("renderTable() aligns by display width when cells are styled or wide", () => {
  const red = createColor(true)("red", "ab");
  const rows = [[red, "1", "x"], ["日本", "1", "x"], ["e\u0301", "1", "x"]];
  assertEquals(
    renderTable(COLUMNS, rows).split("\n").slice(1),
    [`${red}      1  x`, "日本    1  x", "e\u0301       1  x"],
  );
});

Deno.test("renderTable() has no header line when no column has a header", () => {
  assertEquals(renderTable([{ header: "" }, { header: "" }], [["a", "b"]]), "a  b");
});

Deno.test("renderTable() shows the header line when there are no rows", () => {
  assertEquals(renderTable(COLUMNS, []), "NAME  PID  AGE");
});

Deno.test("renderTable() wraps the widest cells when the table is wider than the width", () => {
  const columns = [{ header: "KEY" }, { header: "MEANING" }];
  const rows = [["max", "restarts within the window"], ["delay", "first pause"]];
  assertEquals(
    renderTable(columns, rows, { width: 20 }),
    [
      "KEY    MEANING",
      "max    restarts",
      "       within the",
      "       window",
      "delay  first pause",
    ].join("\n"),
  );
});

Deno.test("renderTable() does not break words when the width is too small", () => {
  assertEquals(renderTable([{ header: "" }], [["long word"]], { width: 2 }), "long\nword");
});
