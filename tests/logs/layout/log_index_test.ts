import { assertEquals } from "@std/assert";
import {
  layoutLine,
  moveLine,
  parseIndex,
  parseLayout,
  sampleLine,
  thinOut,
} from "../../../src/logs/layout/log_index.ts";

const SAMPLES = [{ at: 1_000, end: 10 }, { at: 2_500, end: 40 }];
const LAYOUT = { base: 30, older: [12, 0] };
const MOVE = { kind: "copied", from: 30 } as const;

Deno.test("parseIndex() reads layout, samples and a move that has not ended", () => {
  const text = layoutLine({ base: 0, older: [] }) + SAMPLES.map(sampleLine).join("") +
    layoutLine(LAYOUT);
  const found = { samples: SAMPLES, layout: LAYOUT, whole: true };
  assertEquals(parseIndex(text), { ...found, move: null });
  assertEquals(parseIndex(text + moveLine(MOVE)), { ...found, move: MOVE });
  assertEquals(parseIndex(""), { samples: [], layout: null, move: null, whole: true });
});

Deno.test("parseIndex() skips invalid lines and sets whole to false", () => {
  const torn = sampleLine(SAMPLES[0]!) + sampleLine(SAMPLES[1]!).slice(0, 20);
  assertEquals(parseIndex(torn).samples, [SAMPLES[0]!]);
  const overwritten = torn + layoutLine(LAYOUT);
  assertEquals(parseIndex(overwritten), {
    samples: [SAMPLES[0]!],
    layout: LAYOUT,
    move: null,
    whole: false,
  });
  for (const line of ["{", "null", "[]", '{"at":"x","end":1}', '{"base":1.5,"older":[]}', '"x"']) {
    const text = `${line}\n${layoutLine(LAYOUT)}`;
    assertEquals(parseIndex(text), { samples: [], layout: LAYOUT, move: null, whole: false }, line);
  }
});

Deno.test("parseLayout() reads the newest layout anywhere in the index", () => {
  const before = layoutLine({ base: 1, older: [0] }) + moveLine(MOVE);
  const after = SAMPLES.map(sampleLine).join("");
  assertEquals(parseLayout(before + layoutLine(LAYOUT) + after).layout, LAYOUT);
  assertEquals(parseLayout(before + layoutLine(LAYOUT) + after).move, null);
  assertEquals(parseLayout(before + after).move, MOVE);
  assertEquals(parseLayout(after).layout, null);
  assertEquals(parseLayout(moveLine(MOVE)).move, MOVE);
});

Deno.test("thinOut() keeps the newer half, every second sample of the older half, and no unused ones", () => {
  const samples = Array.from({ length: 10 }, (_, index) => ({ at: index, end: index * 10 + 10 }));
  assertEquals(thinOut(samples, 0).map(({ at }) => at), [0, 2, 4, 5, 6, 7, 8, 9]);
  // The last sample before the oldest byte limits the time of that byte.
  assertEquals(thinOut(samples, 65).map(({ at }) => at), [5, 7, 8, 9]);
  assertEquals(thinOut([], 5), []);
});
