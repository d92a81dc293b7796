/**
 * The addresses behind `localhost`, and checks that try several addresses.
 *
 * @module
 */

import { delay } from "@std/async/delay";
import type { ProbeResult } from "./types.ts";

/** Settings of {@linkcode probeAddresses}. */
export interface ProbeAddressesOptions {
  /** How long an address may take before the next one is tried as well, in milliseconds. */
  readonly headStartMs: number;
  /** Aborts the check; the call then rejects with the signal's reason. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Returns the addresses to connect to for a host.
 *
 * `localhost` is both loopback addresses, whatever the system's resolver says: a server may listen
 * on either of them. Vite binds only what `localhost` resolves to first, often `::1`, and many
 * `/etc/hosts` list only `127.0.0.1`. A server at `0.0.0.0` or `::` is reached by loopback.
 *
 * @param host A name or an address, IPv6 without brackets.
 * @returns The addresses, in the order in which they are tried.
 */
export function connectAddresses(host: string): readonly [string, ...string[]] {
  if (isLocalhost(host)) return ["127.0.0.1", "::1"];
  if (host === "0.0.0.0") return ["127.0.0.1"];
  if (host === "::") return ["::1", "127.0.0.1"];
  return [host];
}

/**
 * Returns whether a name is `localhost` or below it, which is always loopback (RFC 6761).
 *
 * @param host The name.
 */
export function isLocalhost(host: string): boolean {
  return /^(?:.+\.)?localhost\.?$/i.test(host);
}

/**
 * Checks several addresses. The first one that is healthy decides. The next address is tried when
 * the one before has failed or has not answered for a while, so that a server on both addresses
 * gets one request.
 *
 * @param addresses The addresses.
 * @param options Head start and signal.
 * @param probeAddress Checks one address. The signal aborts when the result is not needed any more.
 * @returns A healthy result, else the one that says most.
 */
export async function probeAddresses(
  addresses: readonly string[],
  { headStartMs, signal }: ProbeAddressesOptions,
  probeAddress: (address: string, signal: AbortSignal) => Promise<ProbeResult>,
): Promise<ProbeResult> {
  const decided = new AbortController();
  const signals = signal === undefined ? [decided.signal] : [decided.signal, signal];
  const stop = AbortSignal.any(signals);
  const probes: Promise<ProbeResult>[] = [];
  try {
    for (const address of addresses) {
      probes.push(probeAddress(address, stop));
      if (probes.length === addresses.length) break;
      const first = await Promise.race([
        firstHealthy(probes),
        delay(headStartMs, { signal: stop }).catch(() => null),
      ]);
      if (first?.kind === "healthy") return first;
    }
    return await firstHealthy(probes);
  } finally {
    decided.abort();
  }
}

/** Resolves with the first healthy result, or after all with the one that says most. */
async function firstHealthy(probes: readonly Promise<ProbeResult>[]): Promise<ProbeResult> {
  const healthy = probes.map(async (running) => {
    const result = await running;
    if (result.kind !== "healthy") throw new Error(result.reason);
    return result;
  });
  try {
    return await Promise.any(healthy);
  } catch {
    const results = await Promise.all(probes);
    // Any answer says more than a closed port.
    return results.find(({ kind }) => kind === "foreign") ??
      results.find(({ kind }) => kind !== "refused") ?? results[0]!;
  }
}
