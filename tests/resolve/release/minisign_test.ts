import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { SignatureError, verifyMinisign } from "../../../src/resolve/release/minisign.ts";
import { TestSigner } from "./sign_minisign.ts";

const encode = (text: string) => new TextEncoder().encode(text);

/** Made by minisign 0.11, of "hello sums\n". */
const REAL_KEY = "RWQaANZz0paL0km7qz7+FeYwsiCMwRX5G6UifmfznkKDBMsGLcN1T5r6";
const REAL_HASHED = `untrusted comment: signature from minisign secret key
RUQaANZz0paL0vtb1ccvxPQYH0/trule20AI9jPnpsAXf+70i2x5ckbIxhxnEL7pFuA5Od3fvSelQ4XLlruGySKHkptEJDrKjQg=
trusted comment: release 1.2.3
S696mYR5NfxUIYL/zWsHQEXKDp3Y0dLkMojUjuOd7OGS9iW1zWnt7o1TNcHryZOZjUQNAD8rZsFLCFXTzPq3CA==
`;
const REAL_LEGACY = `untrusted comment: signature from minisign secret key
RWQaANZz0paL0vFdTZdX69VB9XnZYzK4cPUjKRSJzDQT5571Xmk51yjqwYmaqhw9FQ10x0OWr2dyvM2pqJLXiMae2E9JOPUdDwE=
trusted comment: timestamp:1795262127	file:SHA256SUMS
TgkY154Lsi5lcfhWoKm5FHPGqY/GBbbeqx5PT766Oa6/8dtlkIO7LuXaMBAIsenRQQG/b4kSJr4xBZlWUWYZDw==
`;

Deno.test("verifyMinisign() accepts signatures made by minisign, with both algorithms", async () => {
  const message = encode("hello sums\n");
  assertEquals(await verifyMinisign(message, REAL_HASHED, REAL_KEY), "release 1.2.3");
  assertEquals(
    await verifyMinisign(message, REAL_LEGACY, REAL_KEY),
    "timestamp:1795262127\tfile:SHA256SUMS",
  );
  const withCarriageReturns = REAL_HASHED.replaceAll("\n", "\r\n");
  assertEquals(await verifyMinisign(message, withCarriageReturns, REAL_KEY), "release 1.2.3");
});

Deno.test("verifyMinisign() accepts a signature of the test's own key", async () => {
  const signer = new TestSigner();
  for (const algorithm of ["ED", "Ed"] as const) {
    const signature = signer.sign("sums\n", { algorithm, comment: "v1" });
    assertEquals(await verifyMinisign(encode("sums\n"), signature, signer.publicKey), "v1");
  }
});

async function refusal(message: string, signature: string, key: string): Promise<string> {
  const { message: text } = await assertRejects(
    () => verifyMinisign(encode(message), signature, key),
    SignatureError,
  );
  return text;
}

Deno.test("verifyMinisign() refuses another file, another key and another comment", async () => {
  const signer = new TestSigner();
  const stranger = new TestSigner();
  for (const algorithm of ["ED", "Ed"] as const) {
    const signature = signer.sign("sums\n", { algorithm });
    assertStringIncludes(
      await refusal("sums\r\n", signature, signer.publicKey),
      "the signature does not match the contents",
    );
    assertMatch(
      await refusal("sums\n", signature, stranger.publicKey),
      /^it was signed with the key \w+, but `minisign` is the key \w+$/,
    );
    const claimed = signature.replace("release 1.2.3", "release 9.9.9");
    assertEquals(
      await refusal("sums\n", claimed, signer.publicKey),
      "the signature does not match its trusted comment",
    );
  }
});

Deno.test("verifyMinisign() refuses another key with the same key id", async () => {
  const signer = new TestSigner();
  const forged = Uint8Array.fromBase64(new TestSigner().publicKey);
  forged.set(Uint8Array.fromBase64(signer.publicKey).subarray(2, 10), 2);
  const signature = signer.sign("sums\n");
  assertStringIncludes(await refusal("sums\n", signature, forged.toBase64()), "contents");
});

Deno.test("verifyMinisign() refuses malformed signatures and keys", async () => {
  const { publicKey } = new TestSigner();
  const lines = REAL_HASHED.split("\n");
  const broken = [
    "",
    "<!doctype html>",
    lines.slice(0, 2).join("\n"),
    REAL_HASHED.replace("RUQa", "XXQa"),
    REAL_HASHED.replace("trusted comment: release", "comment: release"),
    [lines[0], "!!!", lines[2], lines[3]].join("\n"),
  ];
  for (const signature of broken) {
    assertStringIncludes(
      await refusal("hello sums\n", signature, REAL_KEY),
      "not in minisign's format",
    );
  }
  for (const key of ["", "RW", "no base64!", publicKey.slice(0, -4), `AA${publicKey.slice(2)}`]) {
    assertStringIncludes(
      await refusal("hello sums\n", REAL_HASHED, key),
      "not a minisign public key",
    );
  }
});
