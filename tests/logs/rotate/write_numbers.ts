/**
 * A program that writes numbered lines to standard output, one `write` per line.
 *
 * Arguments: the first number, the number of lines, and lines per millisecond (0: as fast as it
 * can).
 *
 * @module
 */

const [first, count, perMs] = Deno.args.map(Number) as [number, number, number];
const encoder = new TextEncoder();
const pause = new Int32Array(new SharedArrayBuffer(4));
const startedAt = performance.now();
for (let written = 0; written < count; written++) {
  Deno.stdout.writeSync(encoder.encode(`line ${first + written}\n`));
  const dueMs = perMs === 0 ? 0 : startedAt + (written + 1) / perMs - performance.now();
  if (dueMs > 1) Atomics.wait(pause, 0, 0, dueMs);
}
