import { assertEquals } from "@std/assert";
import { formatStatusRanges, parseStatusRange } from "../../src/text/status_ranges.ts";

Deno.test("parseStatusRange() reads a status, a class of statuses and a range", () => {
  assertEquals(parseStatusRange(200), [200, 200]);
  assertEquals(parseStatusRange("401"), [401, 401]);
  assertEquals(parseStatusRange("2xx"), [200, 299]);
  assertEquals(parseStatusRange("5XX"), [500, 599]);
  assertEquals(parseStatusRange("200-399"), [200, 399]);
});

Deno.test("parseStatusRange() is null for everything else", () => {
  const values = [
    99,
    600,
    200.5,
    -200,
    "",
    "2x",
    "6xx",
    "399-200",
    "200-",
    "200 - 299",
    "20",
    true,
  ];
  for (const value of [...values, null, {}, Object.create(null), [200]]) {
    assertEquals(parseStatusRange(value), null, JSON.stringify(value));
  }
});

Deno.test("formatStatusRanges() writes ranges as they are written in hale.toml", () => {
  assertEquals(formatStatusRanges([[200, 299]]), "2xx");
  assertEquals(formatStatusRanges([[200, 200], [401, 401]]), "200 or 401");
  assertEquals(formatStatusRanges([[200, 399], [401, 401], [500, 599]]), "200-399, 401 or 5xx");
});
