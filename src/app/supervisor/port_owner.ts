/**
 * Saying who is on a port that a service needs.
 *
 * @module
 */

import { HaleError } from "../../errors.ts";
import { probe } from "../../health/probe.ts";
import type { ProbeResult } from "../../health/types.ts";
import type { ServiceSpec } from "../../model/service_spec.ts";
import type { ProcessIdentity } from "../../model/service_state.ts";
import { ownersOfPort, startedBefore } from "../../platform/mod.ts";

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
 * @param answer What a look at it gave; null: there was none.
 * @returns `port_occupied`, naming what is known of the other.
 */
export async function describeStranger(
  spec: ServiceSpec,
  address: { readonly hostname: string; readonly port: string | number },
  answer: ProbeResult | null,
): Promise<HaleError> {
  const port = Number(address.port);
  const owner = await ownerName(port);
  const runtime = answer === null ? null : nameIn(answer);
  const known = [
    owner,
    runtime === null ? null : `it calls itself ${JSON.stringify(runtime)}`,
    answer?.kind === "not_http" ? "it does not speak HTTP" : null,
    answer?.kind === "timeout" ? "it takes connections and does not answer" : null,
  ].filter((fact) => fact !== null);
  return new HaleError(
    "port_occupied",
    `Port ${port} on ${address.hostname}, which ${spec.name} needs, is taken by another program` +
      `${known.length > 0 ? ` (${known.join("; ")})` : ""}. ` +
      "Stop that program, or give the service another port.",
    { fields: { service: spec.name, port, owner, runtime } },
  );
}

/** What a program calls itself. */
function nameIn(answer: ProbeResult): string | null {
  if (answer.kind !== "healthy") return answer.runtime;
  return typeof answer.body.runtime === "string" ? answer.body.runtime : null;
}

/**
 * Whether who answers on a service's port is older than the launch that is to answer there: an old
 * instance, which speaks for a launch that only waits.
 *
 * @param spec The service.
 * @param launch The process of the launch.
 * @returns The error that says who; null where the launch, or somebody it may have asked, listens there
 * too, and where the system does not tell.
 */
export async function portHeldByOlder(
  spec: ServiceSpec,
  launch: ProcessIdentity,
): Promise<HaleError | null> {
  const address = addressOf(spec);
  if (address === null) return null;
  const owners = await ownersOfPort(address.port);
  const areOlder = owners.every(({ pid, startTime }) =>
    pid !== launch.pid && startedBefore(startTime, launch.start_time)
  );
  if (owners.length === 0 || !areOlder) return null;
  return await describeStranger(spec, address, null);
}

/**
 * Who listens on a port, for people.
 *
 * @param port The port.
 * @returns Such as `nginx (pid 812)`; null where the system does not tell.
 */
export async function ownerName(port: number): Promise<string | null> {
  const [owner] = await ownersOfPort(port);
  return owner === undefined ? null : `${owner.command} (pid ${owner.pid})`;
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
