import { assertEquals, assertGreaterOrEqual, assertLess, assertRejects } from "@std/assert";
import { probe } from "../../../src/health/probe.ts";
import { linuxTest } from "../../fixtures/unix_test.ts";

Deno.test("probe() of tcp is healthy when the port accepts", async () => {
  for (const hostname of ["127.0.0.1", "::1"]) {
    using listener = Deno.listen({ hostname, port: 0 });
    const { port } = listener.addr as Deno.NetAddr;
    const result = await probe({ kind: "tcp", host: hostname, port }, { timeoutMs: 2_000 });
    assertEquals(result, { kind: "healthy", body: {} });
  }
});

Deno.test("probe() of tcp to localhost is healthy when either loopback address accepts", async () => {
  for (const hostname of ["127.0.0.1", "::1", "::"]) {
    using listener = Deno.listen({ hostname, port: 0 });
    const { port } = listener.addr as Deno.NetAddr;
    const result = await probe({ kind: "tcp", host: "localhost", port }, { timeoutMs: 2_000 });
    assertEquals(result, { kind: "healthy", body: {} }, hostname);
  }
});

Deno.test("probe() of tcp returns refused when nothing listens", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  assertEquals(await probe({ kind: "tcp", host: "127.0.0.1", port }, { timeoutMs: 2_000 }), {
    kind: "refused",
    reason: `nothing listens at 127.0.0.1:${port}`,
    runtime: null,
  });
});

Deno.test("probe() of tcp is unhealthy when the name does not resolve", async () => {
  const result = await probe({ kind: "tcp", host: "no such host", port: 1 }, { timeoutMs: 5_000 });
  assertEquals(result.kind, "unhealthy");
});

linuxTest(
  "probe() of tcp returns at its deadline and rejects when aborted, when nothing accepts",
  async () => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0, tcpBacklog: 1 });
    const { port } = listener.addr as Deno.NetAddr;
    // The kernel accepts connections until the backlog is full.
    const waiting: Deno.Conn[] = [];
    try {
      for (;;) {
        const signal = AbortSignal.timeout(100);
        waiting.push(await Deno.connect({ hostname: "127.0.0.1", port, signal }));
      }
    } catch {
      // Full.
    }
    try {
      const check = { kind: "tcp", host: "127.0.0.1", port } as const;
      const startedAt = performance.now();
      const result = await probe(check, { timeoutMs: 200 });
      assertEquals(result, {
        kind: "timeout",
        reason: `127.0.0.1:${port} did not accept a connection within 200ms`,
        runtime: null,
      });
      assertGreaterOrEqual(performance.now() - startedAt, 195);
      assertLess(performance.now() - startedAt, 2_000);
      const signal = AbortSignal.timeout(20);
      await assertRejects(() => probe(check, { timeoutMs: 60_000, signal }), DOMException);
    } finally {
      for (const connection of waiting) connection.close();
    }
  },
);
