import { HaleError, messageOf } from "../../errors.ts";
import { createDirectHttpClient } from "../../platform/direct_http_client.ts";
import { shownUrl } from "../../text/redact_url.ts";
import { downloadFailed } from "./download_failed.ts";

/** How to ask. */
export interface HttpGetOptions {
  /** Ends the request. */
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  /** The URL that sent us here, for messages; null where a person names this one. @default null */
  readonly redirectedFrom?: URL | null;
}

/** An answer whose body was not read yet. Disposing of it ends the connection. */
export interface HttpAnswer extends AsyncDisposable {
  readonly response: Response;
}

/**
 * Asks one URL, following nothing. A host that the program may not reach is refused before a
 * connection is tried, unless it is allowed at the question that Deno asks in a terminal; loopback
 * is reached directly, whatever proxy the environment names.
 *
 * @param url An http or https URL.
 * @param options How to ask.
 * @returns The answer, whatever its status.
 * @throws {HaleError} `network_denied` If this program was not given the host.
 * @throws {HaleError} `download_failed` If no answer comes.
 * @throws The signal's reason if that fires.
 */
export async function httpGet(url: URL, options: HttpGetOptions): Promise<HttpAnswer> {
  const { signal, headers = {} } = options;
  const client = isLoopback(url) ? createDirectHttpClient() : undefined;
  try {
    const response = await fetch(url, {
      // Asked for by name, the bytes come as they are sent: fetch would else unpack what a server
      // labels as gzip, even a .tar.gz, whose checksum and size are those of the packed file.
      headers: { ...headers, "accept-encoding": "identity" },
      redirect: "manual",
      signal,
      ...(client === undefined ? {} : { client }),
    });
    return {
      response,
      async [Symbol.asyncDispose]() {
        // A body that failed or was aborted cannot be cancelled, and need not be.
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

function networkDenied(
  url: URL,
  { redirectedFrom = null }: HttpGetOptions,
  cause: unknown,
): HaleError {
  const why = redirectedFrom === null ? "" : `, to which ${shownUrl(redirectedFrom)} redirects`;
  return new HaleError(
    "network_denied",
    `This hale may not connect to ${url.host}${why}. Allow it at the question that it asks in a ` +
      `terminal, run it with \`deno run --allow-net=${url.host}\`, compile it with ` +
      `\`deno task compile --allow-host ${url.host}\`, or fetch from a file:// mirror.`,
    { fields: { host: url.host, url: shownUrl(url) }, cause },
  );
}

function noAnswer(url: URL, error: unknown): HaleError {
  const reason = reasonOf(error);
  if (/certificate/i.test(reason)) {
    return downloadFailed(url, reason, {
      advice: "If your network has a certificate authority of its own, name its PEM file in " +
        "DENO_CERT; DENO_TLS_CA_STORE=system takes those that this machine trusts.",
      cause: error,
    });
  }
  // What TLS and HTTP say of bytes that are of another protocol.
  const speaks = /corrupt message/i.test(reason)
    ? "TLS"
    : /invalid HTTP|unexpected message/i.test(reason)
    ? "HTTP"
    : null;
  if (speaks !== null) {
    return downloadFailed(url, `what answers at ${url.host} does not speak ${speaks} (${reason})`, {
      advice: "Check the scheme, host and port of the releases endpoint.",
      // Where HTTP is spoken at all, it may be again.
      transient: speaks === "HTTP",
      cause: error,
    });
  }
  return downloadFailed(url, reason, { transient: true, cause: error });
}

function isLoopback(url: URL): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
}

/** The reason without fetch's wrapping, which repeats the URL. */
function reasonOf(error: unknown): string {
  const inner = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return messageOf(inner).replace(/^error sending request .*?: client error \(\w+\): /, "");
}
