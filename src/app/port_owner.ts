/**
 * Saying who is on a port that a service needs.
 *
 * @module
 */

import { HaleError } from "../errors.ts";
import { probe, type ProbeResult } from "../health/probe.ts";
import type { ServiceSpec } from "../model/service_spec.ts";
import { ownerOfPort } from "../platform/mod.ts";

const PROBE_MS = 500;

/**
 * Whether somebody already answers on the port that a service is about to take.
 *
 * @param spec The service: its endpoint's port, or the one of its health check.
 * @param signal Ends the look.
 * @returns The error that says who; null where the port is free, or the service names none.
 */
export async function portTaken(spec: ServiceSpec, signal: AbortSignal): Promise<HaleError | null> {
  const address = addressOf(spec);
  if (address === null) return null;
  const { hostname, port } = address;
  const found = await probe({ kind: "tcp", host: hostname, port }, { timeoutMs: PROBE_MS, signal });
  if (found.kind !== "healthy") return null;
  const check = spec.health?.check;
  // Whatever it says of itself: it is not the service, which has not been started.
  const answer = check?.kind === "http"
    ? await probe({ ...check, expect: {}, identify: {} }, { timeoutMs: PROBE_MS, signal })
    : found;
  return await describeStranger(spec, address, answer);
}

/**
 * The error for a port that somebody else has.
 *
 * @param spec The service that wants it.
 * @param address The host and the port.
 * @param answer What a look at it gave.
 * @returns `port_occupied`, naming what is known of the other.
 */
export async function describeStranger(
  spec: ServiceSpec,
  address: { readonly hostname: string; readonly port: string | number },
  answer: ProbeResult,
): Promise<HaleError> {
  const port = Number(address.port);
  const owner = await ownerOfPort(port);
  const runtime = answer.kind !== "healthy"
    ? answer.runtime
    : typeof answer.body.runtime === "string"
    ? answer.body.runtime
    : null;
  const known = [
    owner,
    runtime === null ? null : `it calls itself ${JSON.stringify(runtime)}`,
    answer.kind === "not_http" ? "it does not speak HTTP" : null,
    answer.kind === "timeout" ? "it takes connections and does not answer" : null,
  ].filter((fact) => fact !== null);
  return new HaleError(
    "port_occupied",
    `Port ${port} on ${address.hostname}, which ${spec.name} needs, is taken by another program` +
      `${known.length > 0 ? ` (${known.join("; ")})` : ""}. ` +
      "Stop that program, or give the service another port.",
    { fields: { service: spec.name, port, owner, runtime } },
  );
}

/** The port that must be the service's own. Only loopback: another machine's is not ours to take. */
function addressOf(spec: ServiceSpec): { hostname: string; port: number } | null {
  const check = spec.health?.check;
  const url = spec.endpoint ?? (check?.kind === "http" ? check.url : null);
  const address = url !== null
    ? { hostname: new URL(url).hostname.replace(/^\[|\]$/g, ""), port: portOf(new URL(url)) }
    : check?.kind === "tcp"
    ? { hostname: check.host, port: check.port }
    : null;
  return address !== null && LOOPBACK.test(address.hostname) ? address : null;
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|::1)$/;

function portOf(url: URL): number {
  return Number(url.port) || (url.protocol === "https:" ? 443 : 80);
}
