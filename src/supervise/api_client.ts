/**
 * Asking a supervisor.
 *
 * @module
 */

import { HaleError, messageOf } from "../errors.ts";
import { createDirectHttpClient } from "../platform/direct_http_client.ts";
import type { EventRecord } from "../model/records.ts";
import type {
  ErrorResponse,
  StartRequest,
  StartResponse,
  StatusResponse,
  StopResponse,
  SupervisorEndpoint,
  SupervisorHealth,
} from "./api_types.ts";
import { readServerSentEvents } from "./server_sent_events.ts";

/** A supervisor that answered once. */
export class SupervisorClient {
  readonly endpoint: SupervisorEndpoint;
  readonly #http: Deno.HttpClient;
  #closed = false;

  /** @param endpoint Where it is and its token. */
  constructor(endpoint: SupervisorEndpoint) {
    this.endpoint = endpoint;
    this.#http = createDirectHttpClient();
  }

  /** Who answers. */
  health(signal?: AbortSignal): Promise<SupervisorHealth> {
    return this.#ask("GET", "/health", undefined, signal);
  }

  status(runtime: string): Promise<StatusResponse> {
    return this.#ask("GET", `/v1/runtimes/${encodeURIComponent(runtime)}`);
  }

  start(runtime: string, body: StartRequest): Promise<StartResponse> {
    return this.#ask("POST", `/v1/runtimes/${encodeURIComponent(runtime)}/start`, body);
  }

  /** Settles when the services have ended. */
  stop(runtime: string, services: readonly string[], signal?: AbortSignal): Promise<StopResponse> {
    const path = `/v1/runtimes/${encodeURIComponent(runtime)}/stop`;
    return this.#ask("POST", path, { services }, signal);
  }

  /** Asks the supervisor to end; the services run on. */
  async shutdown(): Promise<void> {
    await this.#ask("POST", "/v1/shutdown", {});
  }

  /**
   * The events of a runtime from a cursor on, and every one that comes.
   *
   * @param runtime RuntimeId.
   * @param after Id of the last event already seen.
   * @param signal Ends the stream.
   */
  async *events(
    runtime: string,
    after: number,
    signal: AbortSignal,
  ): AsyncGenerator<EventRecord> {
    const path = `/v1/runtimes/${encodeURIComponent(runtime)}/events?after=${after}`;
    const response = await this.#send("GET", path, undefined, signal);
    for await (const { data } of readServerSentEvents(response.body!, signal)) {
      yield JSON.parse(data);
    }
  }

  /** Lets go of the connections. Doing so again does nothing. */
  [Symbol.dispose](): void {
    if (!this.#closed) this.#http.close();
    this.#closed = true;
  }

  async #ask<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    const response = await this.#send(method, path, body, signal);
    return await response.json();
  }

  async #send(
    method: string,
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<Response> {
    let response;
    try {
      response = await fetch(this.endpoint.url + path, {
        client: this.#http,
        method,
        headers: { authorization: `Bearer ${this.endpoint.token}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw new HaleError(
        "supervisor_unavailable",
        `The supervisor (pid ${this.endpoint.pid}) does not answer: ${messageOf(error)}. ` +
          "The services are not affected; try again.",
        { cause: error, fields: { url: this.endpoint.url, pid: this.endpoint.pid } },
      );
    }
    if (response.ok) return response;
    const { error } = await response.json() as ErrorResponse;
    throw HaleError.fromJSON(error);
  }
}
