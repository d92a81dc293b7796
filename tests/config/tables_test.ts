import { assertEquals } from "@std/assert";
import type * as v from "valibot";
import { ServiceTable } from "../../src/config/schema.ts";
import type { ServiceTables } from "../../src/config/tables.ts";

type SchemaInput = v.InferInput<typeof ServiceTable>;
type MissingInTables = Exclude<keyof SchemaInput, keyof ServiceTables>;
type MissingInSchema = Exclude<keyof ServiceTables, keyof SchemaInput>;

Deno.test("ServiceTables has the keys of the schema and no others", () => {
  // Checked by the types: a key that only one of the two has makes its list something else.
  const missing: [MissingInTables[], MissingInSchema[]] = [[], []];
  const none: [never[], never[]] = missing;
  assertEquals(none, [[], []]);
  assertEquals("args" in ServiceTable.entries, true);
});
