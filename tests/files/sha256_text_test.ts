import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { sha256Hex } from "../../src/files/sha256_text.ts";

async function expected(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}

Deno.test("sha256Hex() equals WebCrypto for texts of all block lengths", async () => {
  for (let length = 0; length <= 200; length++) {
    const text = "x".repeat(length);
    assertEquals(sha256Hex(text), await expected(text), `${length} bytes`);
  }
});

Deno.test("sha256Hex() equals WebCrypto for any text", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary", maxLength: 2_000 }), async (text) => {
      assertEquals(sha256Hex(text), await expected(text));
    }),
  );
});
