import { trimEnd } from "../../text/trim_end.ts";

/** The address of a service. */
export interface Endpoint {
  /** As written, without trailing slashes. */
  readonly url: string;
  /** A name or an address; IPv6 without brackets, as programs expect it in arguments. */
  readonly host: string;
  readonly port: number;
}

/** The highest TCP port. */
export const HIGHEST_PORT = 65535;

/**
 * Parses an endpoint.
 *
 * @param text Such as `http://127.0.0.1:6420` or `nats://[::1]:4222`.
 * @returns Its parts, or why it is not valid and what to write instead.
 */
export function parseEndpoint(text: string): Endpoint | { readonly fault: string } {
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]*)(.*)$/s.exec(text);
  if (match === null) return { fault: `it has no scheme; write it as in ${EXAMPLE}` };
  const [, , authority, rest] = match as unknown as [string, string, string, string];
  if (/[\s\p{Cc}]/u.test(text)) return { fault: "it contains a space or a control character" };
  if (authority.includes("@")) return { fault: "it must not contain a user name or a password" };
  if (/[?#]/.test(rest)) return { fault: 'it must not contain "?" or "#"' };
  const parts = splitHostPort(authority);
  if ("fault" in parts) return parts;
  return { url: trimEnd(text, "/"), ...parts };
}

/**
 * Parses `host:port`.
 *
 * @param text Such as `127.0.0.1:5432` or `[::1]:5432`.
 * @returns Its parts, or why it is not valid.
 */
export function splitHostPort(
  text: string,
): { readonly host: string; readonly port: number } | { readonly fault: string } {
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::([^:]*))?$/.exec(text);
  if (match === null) return { fault: "an IPv6 address must be in brackets, such as [::1]:6420" };
  const [, ipv6, name, port] = match;
  const host = ipv6 ?? name!;
  if (host === "") return { fault: `it has no host; write it as in ${EXAMPLE}` };
  // `URL` validates addresses and names.
  if (!URL.canParse(ipv6 === undefined ? `http://${host}` : `http://[${host}]`)) {
    return { fault: "its host is not a valid name or address" };
  }
  if (!port) return { fault: `it has no port; write it as in ${EXAMPLE}` };
  const number = Number(port);
  if (!/^[0-9]+$/.test(port) || number < 1 || number > HIGHEST_PORT) {
    return { fault: `its port is not a number from 1 to ${HIGHEST_PORT}` };
  }
  return { host, port: number };
}

const EXAMPLE = '"http://127.0.0.1:6420"';
