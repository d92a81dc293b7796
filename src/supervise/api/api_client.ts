/**
 * Asking a supervisor.
 *
 * @module
 */

import { HaleError, messageOf } from "../../errors.ts";
import { createDirectHttpClient } from "../../platform/direct_http_client.ts";
import type { EventPosition, EventRecord } from "../../model/records.ts";
import type {
  ErrorResponse,
  StartRequest,
  StartResponse,
  StatusResponse,
  StopRequest,
  StopResponse,
  SupervisorEndpoint,
  SupervisorHealth,
} from "./api_types.ts";
import { loopbackGet } from "./loopback_get.ts";
import { readServerSentEvents } from "./server_sent_events.ts";

/** A supervisor that answered once. */
export class SupervisorClient {
  readonly endpoint: SupervisorEndpoint;
  /** Made where it is needed: commands that only look do without. */
  #http: Deno.HttpClient | null = null;

  /** @param endpoint Where it is and its token. */
  constructor(endpoint: SupervisorEndpoint) {
    this.endpoint = endpoint;
  }

  /** Who answers. */
  health(signal?: AbortSignal): Promise<SupervisorHealth> {
    return this.#get("/health", signal);
  }

  status(runtime: string): Promise<StatusResponse> {
    return this.#get(`/v1/runtimes/${encodeURIComponent(runtime)}`);
  }

  start(runtime: string, body: StartRequest): Promise<StartResponse> {
    return this.#ask("POST", `/v1/runtimes/${encodeURIComponent(runtime)}/start`, body);
  }

  /** Settles when the services have ended. */
  stop(runtime: string, body: StopRequest, signal?: AbortSignal): Promise<StopResponse> {
    const path = `/v1/runtimes/${encodeURIComponent(runtime)}/stop`;
    return this.#ask("POST", path, body, signal);
  }

  /** Asks the supervisor to end; the services run on. */
  async shutdown(): Promise<void> {
    await this.#ask("POST", "/v1/shutdown", {});
  }

  /**
   * The events of a runtime after a position, and every one that comes.
   *
   * @param runtime RuntimeId.
   * @param after The position.
   * @param signal Ends the stream.
   */
  async *events(
    runtime: string,
    after: EventPosition,
    signal: AbortSignal,
  ): AsyncGenerator<EventRecord> {
    const path = `/v1/runtimes/${encodeURIComponent(runtime)}/events?after=${after}`;
    try {
      const response = await this.#send("GET", path, undefined, signal);
      for await (const { data } of readServerSentEvents(response.body!, signal)) {
        yield JSON.parse(data);
      }
    } catch (error) {
      if (signal.aborted) return;
      throw this.#unavailable(error);
    }
  }

  /** Lets go of the connections. Doing so again does nothing. */
  [Symbol.dispose](): void {
    this.#http?.close();
    this.#http = null;
  }

  async #get<T>(path: string, signal?: AbortSignal): Promise<T> {
    const headers = this.#headers;
    try {
      const { status, body } = await loopbackGet(new URL(path, this.endpoint.url), {
        headers,
        ...(signal === undefined ? {} : { signal }),
      });
      if (status === 200) return JSON.parse(body);
      throw HaleError.fromJSON((JSON.parse(body) as ErrorResponse).error);
    } catch (error) {
      signal?.throwIfAborted();
      throw error instanceof HaleError ? error : this.#unavailable(error);
    }
  }

  get #headers(): Record<string, string> {
    return { authorization: `Bearer ${this.endpoint.token}` };
  }

  async #ask<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    const response = await this.#send(method, path, body, signal);
    try {
      return await response.json();
    } catch (error) {
      signal?.throwIfAborted();
      throw this.#unavailable(error);
    }
  }

  async #send(
    method: string,
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<Response> {
    this.#http ??= createDirectHttpClient();
    let response;
    try {
      response = await fetch(this.endpoint.url + path, {
        client: this.#http,
        method,
        headers: this.#headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw this.#unavailable(error);
    }
    if (response.ok) return response;
    throw await this.#refusal(response);
  }

  /** What the supervisor says went wrong; a stranger on its port says something else. */
  async #refusal(response: Response): Promise<HaleError> {
    try {
      const { error } = await response.json() as ErrorResponse;
      return HaleError.fromJSON(error);
    } catch (error) {
      return this.#unavailable(error);
    }
  }

  #unavailable(cause: unknown): HaleError {
    if (cause instanceof HaleError) return cause;
    const { url, pid } = this.endpoint;
    return new HaleError(
      "supervisor_unavailable",
      `The supervisor (pid ${pid}) does not answer as one: ${messageOf(cause)}. ` +
        "The services are not affected; try again.",
      { cause, fields: { url, pid } },
    );
  }
}
