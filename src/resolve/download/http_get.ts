import { HaleError, messageOf } from "../../errors.ts";
import { createDirectHttpClient } from "../../platform/direct_http_client.ts";
import { endedByTermination } from "../../platform/termination_signals.ts";
import { shownUrl } from "../../text/redact_url.ts";
import { proxyFor } from "./proxy.ts";
import { downloadFailed } from "./download_failed.ts";

/** Options of a request. */
export interface HttpGetOptions {
  /** Aborts the request. */
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  /** The URL that redirected to this one, for messages; null if none did. @default null */
  readonly redirectedFrom?: URL | null;
}

/** A response whose body is not read yet. Disposing of it closes the connection. */
export interface HttpAnswer extends AsyncDisposable {
  readonly response: Response;
}

/**
 * Sends one GET request without following redirects. A host without network permission is refused
 * before a connection, unless the user grants it at Deno's prompt in a terminal. Loopback addresses
 * bypass the proxy of the environment.
 *
 * @param url An http or https URL.
 * @param options Headers and signal.
 * @returns The response, with any status.
 * @throws {HaleError} `network_denied` If this program may not connect to the host.
 * @throws {HaleError} `download_failed` If there is no response.
 * @throws The signal's reason if it is aborted.
 */
export async function httpGet(url: URL, options: HttpGetOptions): Promise<HttpAnswer> {
  const { signal, headers = {} } = options;
  askForHost(url);
  const client = isLoopback(url) ? createDirectHttpClient() : undefined;
  try {
    const response = await fetch(url, {
      // Without this header fetch decompresses what a server labels as gzip, even a .tar.gz, and the
      // checksum and size of the packed file would not match.
      headers: { ...headers, "accept-encoding": "identity" },
      redirect: "manual",
      signal,
      ...(client === undefined ? {} : { client }),
    });
    return {
      response,
      async [Symbol.asyncDispose]() {
        // A body that failed or was aborted cannot be cancelled.
        await response.body?.cancel().catch(() => {});
        client?.close();
      },
    };
  } catch (error) {
    client?.close();
    signal.throwIfAborted();
    if (error instanceof Deno.errors.NotCapable) throw networkDenied(url, options, error);
    throw noAnswer(url, error);
  }
}

/**
 * Lets Deno ask the user for the host, if that is to be asked for. The prompt blocks the program: Ctrl-C
 * would have no effect if `fetch` asked.
 */
function askForHost({ protocol, hostname, port }: URL): void {
  const host = `${hostname}:${port || (protocol === "https:" ? 443 : 80)}`;
  const permission = { name: "net", host } as const;
  if (Deno.permissions.querySync(permission).state !== "prompt") return;
  endedByTermination(() => Deno.permissions.requestSync(permission));
}

function networkDenied(
  url: URL,
  { redirectedFrom = null }: HttpGetOptions,
  cause: unknown,
): HaleError {
  const why = redirectedFrom === null ? "" : ` (${shownUrl(redirectedFrom)} redirects there)`;
  return new HaleError(
    "network_denied",
    `hale has no permission to connect to ${url.host}${why}. Run the command in a terminal and ` +
      `allow it at the prompt, run hale with \`deno run --allow-net=${url.host}\`, compile it with ` +
      `\`deno task compile --allow-host ${url.host}\`, or use a file:// mirror.`,
    { fields: { host: url.host, url: shownUrl(url) }, cause },
  );
}

/**
 * Returns the error for a proxy that requires another login. The same request has no chance.
 *
 * @param url The URL of the request.
 * @param cause The error of the HTTP client; undefined if the proxy answered with status 407.
 * @returns The error, which names the proxy and its variable.
 */
export function proxyRefused(url: URL, cause?: unknown): HaleError {
  const proxy = proxyFor(url, proxyVariables());
  const who = proxy === null ? "a proxy" : `the proxy ${proxy.address} (${proxy.variable})`;
  const where = proxy === null ? "HTTPS_PROXY or HTTP_PROXY" : proxy.variable;
  return downloadFailed(url, `${who} requires a valid user name and password (status 407)`, {
    status: 407,
    advice:
      `Put them into ${where}, as in "http://NAME:PASSWORD@HOST:PORT", with special characters ` +
      "percent-encoded.",
    cause,
  });
}

function noAnswer(url: URL, error: unknown): HaleError {
  const plainReason = reasonOf(error);
  if (/proxy authentication required/i.test(plainReason)) return proxyRefused(url, error);
  const proxy = isLoopback(url) ? null : proxyFor(url, proxyVariables());
  const reason = proxy === null
    ? plainReason
    : `${plainReason}, through the proxy ${proxy.address} (${proxy.variable})`;
  if (/certificate/i.test(reason)) {
    return downloadFailed(url, reason, {
      advice:
        "If your network uses its own certificate authority, set DENO_CERT to its PEM file, " +
        "or DENO_TLS_CA_STORE=system to trust the certificates of this machine.",
      cause: error,
    });
  }
  // The errors of the TLS and the HTTP client for bytes of another protocol.
  const protocol = /corrupt message/i.test(reason)
    ? "TLS"
    : /invalid HTTP|unexpected message/i.test(reason)
    ? "HTTP"
    : null;
  if (protocol !== null) {
    return downloadFailed(url, `the server at ${url.host} does not speak ${protocol} (${reason})`, {
      advice: "Check the scheme, host and port of the releases endpoint.",
      // A broken HTTP response may be an accident; a server without TLS will not gain it.
      transient: protocol === "HTTP",
      cause: error,
    });
  }
  return downloadFailed(url, reason, { transient: true, cause: error });
}

/** A host program may run without the permission; Deno would prompt for it. */
function proxyVariables(): Readonly<Record<string, string>> {
  const { state } = Deno.permissions.querySync({ name: "env" });
  return state === "granted" ? Deno.env.toObject() : {};
}

function isLoopback(url: URL): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
}

/** The reason without the prefix of `fetch`, which repeats the URL. */
function reasonOf(error: unknown): string {
  const inner = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return messageOf(inner).replace(/^error sending request .*?: client error \(\w+\): /, "");
}
