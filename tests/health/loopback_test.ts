import { assertEquals, assertRejects } from "@std/assert";
import { connectAddresses, probeAddresses } from "../../src/health/loopback.ts";
import type { ProbeResult } from "../../src/health/types.ts";

const WELL: ProbeResult = { kind: "healthy", body: {} };

function failed(kind: Exclude<ProbeResult["kind"], "healthy">): ProbeResult {
  return { kind, reason: kind, runtime: null };
}

/** Checks addresses with given results; `null` never answers. */
async function tried(results: Record<string, ProbeResult | null>, headStartMs = 60_000) {
  const addresses: string[] = [];
  const aborted: string[] = [];
  const result = await probeAddresses(
    Object.keys(results),
    { headStartMs, signal: undefined },
    (address, signal) => {
      addresses.push(address);
      const given = results[address]!;
      if (given !== null) return Promise.resolve(given);
      return new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          aborted.push(address);
          reject(signal.reason);
        });
      });
    },
  );
  return { result, addresses, aborted };
}

Deno.test("connectAddresses() is both loopback addresses for localhost", () => {
  for (const host of ["localhost", "LOCALHOST", "localhost.", "web.localhost"]) {
    assertEquals(connectAddresses(host), ["127.0.0.1", "::1"]);
  }
  assertEquals(connectAddresses("0.0.0.0"), ["127.0.0.1"]);
  assertEquals(connectAddresses("::"), ["::1", "127.0.0.1"]);
  for (const host of ["127.0.0.1", "::1", "example.com", "localhost.example.com", "mylocalhost"]) {
    assertEquals(connectAddresses(host), [host]);
  }
});

Deno.test("probeAddresses() does not try the second address when the first is healthy", async () => {
  assertEquals((await tried({ a: WELL, b: WELL })).addresses, ["a"]);
});

Deno.test("probeAddresses() tries the second address when the first has failed", async () => {
  for (const kind of ["refused", "unhealthy", "timeout", "foreign", "not_http"] as const) {
    const { result, addresses } = await tried({ a: failed(kind), b: WELL });
    assertEquals([result, addresses], [WELL, ["a", "b"]]);
  }
});

Deno.test("probeAddresses() tries the second address when the first is slow, and aborts the loser", async () => {
  const { result, addresses, aborted } = await tried({ a: null, b: WELL }, 1);
  assertEquals([result, addresses, aborted], [WELL, ["a", "b"], ["a"]]);
});

Deno.test("probeAddresses() returns the failure that says most", async () => {
  const cases = [
    ["refused", "unhealthy", "unhealthy"],
    ["timeout", "refused", "timeout"],
    ["unhealthy", "foreign", "foreign"],
    ["refused", "refused", "refused"],
  ] as const;
  for (const [first, second, expected] of cases) {
    assertEquals((await tried({ a: failed(first), b: failed(second) })).result.kind, expected);
  }
});

Deno.test("probeAddresses() rejects with the reason of the signal", async () => {
  const aborted = new AbortController();
  const probing = probeAddresses(
    ["a", "b"],
    { headStartMs: 60_000, signal: aborted.signal },
    (_address, signal) =>
      new Promise((_, reject) => {
        if (signal.aborted) reject(signal.reason);
        signal.addEventListener("abort", () => reject(signal.reason));
      }),
  );
  const rejected = assertRejects(() => probing, Error, "enough");
  aborted.abort(new Error("enough"));
  await rejected;
});
