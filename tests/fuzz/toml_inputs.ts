import fc from "fast-check";
import { stringify } from "smol-toml";
import type { Input } from "./fuzz_target.ts";

/**
 * Makes TOML documents from the keys of a format.
 *
 * @param keys The keys.
 * @param values Values of the format, beside others.
 */
export function tomlInputs(
  keys: readonly string[],
  values: readonly unknown[],
): fc.Arbitrary<Input> {
  const scalar = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...values) },
    fc.string({ unit: "grapheme", maxLength: 8 }),
    fc.double({ noNaN: false }),
    fc.integer(),
    fc.boolean(),
    fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }),
  );
  const key = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...keys) },
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 4 }).filter((it) =>
      !(it in Object.prototype)
    ),
  );
  const { table } = fc.letrec<{ table: Record<string, unknown>; value: unknown }>((tie) => ({
    table: fc.dictionary(key, tie("value"), { maxKeys: 6, noNullPrototype: true }),
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      scalar,
      fc.array(scalar, { maxLength: 3 }),
      tie("table"),
    ),
  }));
  return table.map((value) => new TextEncoder().encode(stringify(value)));
}
