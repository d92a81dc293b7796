/**
 * Finds the program that uses a port that a service needs.
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

/** A request that any HTTP server may get. */
const PLAIN_REQUEST = { method: "GET", headers: {}, expect: {}, identify: {} } as const;

/**
 * Checks that the port of a service is free before its launch.
 *
 * @param spec The service; the port is that of its endpoint or of its health check.
 * @param signal Aborts the check.
 * @returns `port_occupied`, naming the other program; null if the port is free or the service has none.
 */
export async function portTaken(spec: ServiceSpec, signal: AbortSignal): Promise<HaleError | null> {
  const address = addressOf(spec);
  if (address === null) return null;
  const { hostname, port } = address;
  const found = await probe({ kind: "tcp", host: hostname, port }, { timeoutMs: PROBE_MS, signal });
  if (found.kind !== "healthy") return null;
  const check = spec.health?.check;
  // It cannot be the service, which is not started yet; the response only names the program. It gets
  // no headers, because their values may be secrets of the service.
  const response = check?.kind === "http"
    ? await probe({ ...check, ...PLAIN_REQUEST }, { timeoutMs: PROBE_MS, signal })
    : found;
  return await portOccupied(spec, address, response);
}

/**
 * Creates the error for a port that another program uses.
 *
 * @param spec The service that needs it.
 * @param address The host and the port.
 * @param response Result of a probe of the port; null without a probe.
 * @returns `port_occupied`, naming the other program as far as it is known.
 */
export async function portOccupied(
  spec: ServiceSpec,
  address: { readonly hostname: string; readonly port: string | number },
  response: ProbeResult | null,
): Promise<HaleError> {
  const port = Number(address.port);
  const [owner] = await ownersOfPort(port);
  const runtime = response === null ? null : nameIn(response);
  const facts = [
    owner === undefined ? null : `${owner.command}, pid ${owner.pid}`,
    runtime === null ? null : `it identifies itself as ${JSON.stringify(runtime)}`,
    response?.kind === "not_http" ? "it does not speak HTTP" : null,
    response?.kind === "timeout" ? "it accepts connections but does not respond" : null,
  ].filter((fact) => fact !== null);
  return new HaleError(
    "port_occupied",
    `Port ${port} on ${address.hostname}, which ${spec.name} needs, is used by another program` +
      `${facts.length > 0 ? ` (${facts.join("; ")})` : ""}. ` +
      "Stop that program, or give the service another port.",
    {
      fields: {
        service: spec.name,
        port,
        owner: owner === undefined ? null : named(owner),
        runtime,
      },
    },
  );
}

/** The name in a program's health response. */
function nameIn(response: ProbeResult): string | null {
  if (response.kind !== "healthy") return response.runtime;
  return typeof response.body.runtime === "string" ? response.body.runtime : null;
}

/**
 * Checks that the program that listens on a service's port is not older than the launch. An old
 * instance on the port would pass the health check for a launch that cannot bind it.
 *
 * @param spec The service.
 * @param launch The process of the launch.
 * @returns `port_occupied`, naming the other program; null if the launch or a younger process listens
 * too, or the system does not report the owner of the port.
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
  return await portOccupied(spec, address, null);
}

/**
 * Returns which program listens on a port, for people.
 *
 * @param port The port.
 * @returns Such as `nginx (pid 812)`; null if the system does not report it.
 */
export async function ownerName(port: number): Promise<string | null> {
  const [owner] = await ownersOfPort(port);
  return owner === undefined ? null : named(owner);
}

function named({ command, pid }: { readonly command: string; readonly pid: number }): string {
  return `${command} (pid ${pid})`;
}

/** The address that the service itself must bind: only loopback, not that of another machine. */
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

/**
 * Returns the port of a URL.
 *
 * @param url The URL.
 */
export function portOf(url: URL): number {
  return Number(url.port) || (url.protocol === "https:" ? 443 : 80);
}
