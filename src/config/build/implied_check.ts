import type { HealthCheck } from "../../model/health_spec.ts";
import type { Endpoint } from "./endpoint.ts";

/** Schemes of protocols over UDP: nothing accepts a TCP connection there. */
const UDP_SCHEMES = [
  "udp",
  "quic",
  "coap",
  "dns",
  "ntp",
  "rtp",
  "snmp",
  "stun",
  "syslog",
  "tftp",
  "turn",
];

/** Where hale itself may connect to; `0.0.0.0` and `::` are reached by loopback. */
const LOCAL = /^(?:(?:.+\.)?localhost|127\.0\.0\.1|::1|0\.0\.0\.0|::)$/i;

/**
 * Returns the health check that follows from the address of a service: a TCP connection.
 *
 * @param endpoint The endpoint.
 * @param listen The host and the port where the program listens, if they differ.
 * @returns The check; null if hale may not connect there, or the protocol is not over TCP.
 */
export function impliedCheck(
  endpoint: Endpoint,
  listen: { readonly host: string | null; readonly port: number | null },
): HealthCheck | null {
  const host = listen.host ?? endpoint.host;
  const [scheme] = endpoint.url.split(":", 1);
  if (!LOCAL.test(host) || UDP_SCHEMES.includes(scheme!.toLowerCase())) return null;
  return { kind: "tcp", host, port: listen.port ?? endpoint.port };
}
