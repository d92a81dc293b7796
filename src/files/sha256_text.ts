/**
 * SHA-256 of a short text, at once.
 *
 * WebCrypto's is asynchronous, so that the records of one turn of the event loop could not be
 * chained within it; `node:crypto` takes 25 ms and 9 MB to load, in a process that needs nothing else
 * of it and that somebody waits for. FIPS 180-4, 6.2; the tests compare it with WebCrypto's.
 *
 * @param text The text, taken as UTF-8.
 * @returns 64 hexadecimal digits, lower case.
 */
export function sha256Hex(text: string): string {
  const words = paddedWords(new TextEncoder().encode(text));
  const state = new Uint32Array(INITIAL);
  const schedule = new Uint32Array(64);
  for (let offset = 0; offset < words.length; offset += 16) {
    schedule.set(words.subarray(offset, offset + 16));
    for (let t = 16; t < 64; t++) {
      const a = schedule[t - 15]!, b = schedule[t - 2]!;
      schedule[t] = schedule[t - 16]! + (rotated(a, 7) ^ rotated(a, 18) ^ (a >>> 3)) +
        schedule[t - 7]! + (rotated(b, 17) ^ rotated(b, 19) ^ (b >>> 10));
    }
    mix(state, schedule);
  }
  return Array.from(state, (word) => word.toString(16).padStart(8, "0")).join("");
}

function hexWords(text: string): Uint32Array {
  return Uint32Array.from(text.trim().split(/\s+/), (word) => parseInt(word, 16));
}

const INITIAL = hexWords(`
  6a09e667 bb67ae85 3c6ef372 a54ff53a 510e527f 9b05688c 1f83d9ab 5be0cd19
`);

const ROUNDS = hexWords(`
  428a2f98 71374491 b5c0fbcf e9b5dba5 3956c25b 59f111f1 923f82a4 ab1c5ed5
  d807aa98 12835b01 243185be 550c7dc3 72be5d74 80deb1fe 9bdc06a7 c19bf174
  e49b69c1 efbe4786 0fc19dc6 240ca1cc 2de92c6f 4a7484aa 5cb0a9dc 76f988da
  983e5152 a831c66d b00327c8 bf597fc7 c6e00bf3 d5a79147 06ca6351 14292967
  27b70a85 2e1b2138 4d2c6dfc 53380d13 650a7354 766a0abb 81c2c92e 92722c85
  a2bfe8a1 a81a664b c24b8b70 c76c51a3 d192e819 d6990624 f40e3585 106aa070
  19a4c116 1e376c08 2748774c 34b0bcb5 391c0cb3 4ed8aa4a 5b9cca4f 682e6ff3
  748f82ee 78a5636f 84c87814 8cc70208 90befffa a4506ceb bef9a3f7 c67178f2
`);

/** The message, a one, zeros, and the length in bits: whole blocks of 16 words. */
function paddedWords(bytes: Uint8Array): Uint32Array {
  const words = new Uint32Array((((bytes.length + 8) >> 6) + 1) * 16);
  const view = new DataView(words.buffer);
  const padded = new Uint8Array(words.buffer);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  view.setUint32(view.byteLength - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(view.byteLength - 4, bytes.length * 8);
  return words.map((_, index) => view.getUint32(index * 4));
}

function rotated(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

/** One block. Plain assignments: swapping in lists costs the first call, before it is compiled, 5 ms. */
function mix(state: Uint32Array, schedule: Uint32Array): void {
  let a = state[0]!, b = state[1]!, c = state[2]!, d = state[3]!;
  let e = state[4]!, f = state[5]!, g = state[6]!, h = state[7]!;
  for (let t = 0; t < 64; t++) {
    const first = h + (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) + ((e & f) ^ (~e & g)) +
      ROUNDS[t]! + schedule[t]!;
    const second = (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) +
      ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
  state[5]! += f;
  state[6]! += g;
  state[7]! += h;
}
