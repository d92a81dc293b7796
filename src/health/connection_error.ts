import { passingFault } from "../files/io_error.ts";
import type { ProbeResult } from "./types.ts";

/**
 * No process listens: refused, unreachable, or an address that this machine does not have, such as
 * `::1` where IPv6 is off (EADDRNOTAVAIL, EAFNOSUPPORT on Linux, macOS and Windows).
 */
const NOTHING_LISTENS =
  /refused|unreachable|cannot assign requested address|address family not supported|os error (?:111|61|10061|99|97|49|47|10049|10047)\b/i;

/**
 * Describes a connection that could not be made.
 *
 * @param host The host.
 * @param address Host and port, for the message.
 * @param error The error.
 * @returns The result; null if the error has another cause than the connection.
 */
export function connectionFailure(
  host: string,
  address: string,
  error: unknown,
): ProbeResult | null {
  if (error instanceof Deno.errors.NotCapable) {
    return {
      kind: "unhealthy",
      reason: `hale has no permission to connect to ${host}: only loopback addresses and the ` +
        "release hosts are allowed",
      runtime: null,
    };
  }
  const fault = passingFault(error);
  if (fault !== null) return notRun(fault);
  return NOTHING_LISTENS.test(errorText(error))
    ? { kind: "refused", reason: `nothing listens at ${address}`, runtime: null }
    : null;
}

/**
 * Returns the result of a check that hale could not run for a shortage of the machine.
 *
 * @param code The system's code.
 */
export function notRun(code: string): ProbeResult {
  const reason = `the health check could not be run: the system refused it (${code})`;
  return { kind: "not_run", reason, runtime: null, isPassing: true };
}

/**
 * Returns the messages of an error and of its causes, outermost first.
 *
 * @param error The error.
 */
export function errorMessages(error: unknown): readonly string[] {
  const messages: string[] = [];
  for (let cause = error; cause instanceof Error; cause = cause.cause) messages.push(cause.message);
  return messages;
}

function errorText(error: unknown): string {
  return errorMessages(error).join(": ");
}
