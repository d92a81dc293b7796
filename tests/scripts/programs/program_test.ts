import { assert, assertEquals, assertThrows } from "@std/assert";
import { parse } from "smol-toml";
import { parseProgram, readCatalogue } from "../../../scripts/programs/program.ts";

const CATALOGUE = new URL("../../../scripts/programs/catalogue/", import.meta.url);

Deno.test("parseProgram() names a key that is unknown", () => {
  assertThrows(
    () => parseProgram("web", `service = "web"\nhale = ""\nprobee = "true"`),
    Error,
    "web.toml: probee",
  );
});

Deno.test("readCatalogue() has at least twenty programs, each with its service", async () => {
  const programs = await readCatalogue(CATALOGUE);
  assert(programs.length >= 20);
  for (const { name, service, hale, probe } of programs) {
    const { services } = parse(hale) as { services: Record<string, unknown> };
    assertEquals([name, service in services, probe !== null], [name, true, true]);
  }
});
