/**
 * Finds free ports on loopback at given offsets from the first one.
 *
 * @param offsets The offsets, including 0.
 * @returns The ports, in the order of the offsets. Another program may still take them.
 */
export function freePorts(offsets: readonly number[]): number[] {
  const highest = Math.max(...offsets);
  for (let attempt = 0; attempt < 100; attempt++) {
    const listeners: Deno.Listener[] = [];
    try {
      const first = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      listeners.push(first);
      const base = (first.addr as Deno.NetAddr).port;
      if (base + highest > 65_535) continue;
      for (const offset of offsets) {
        if (offset === 0) continue;
        listeners.push(Deno.listen({ hostname: "127.0.0.1", port: base + offset }));
      }
      return offsets.map((offset) => base + offset);
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    } finally {
      for (const listener of listeners) listener.close();
    }
  }
  throw new Error(`no free ports at the offsets ${offsets.join(", ")}`);
}
