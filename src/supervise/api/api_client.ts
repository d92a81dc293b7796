/**
 * The client of the supervisor's API.
 *
 * @module
 */

import { HaleError } from "../../errors.ts";
import { createDirectHttpClient } from "../../platform/direct_http_client.ts";
import type { EventPosition, EventRecord } from "../../model/records.ts";
import type {
  ErrorResponse,
  RemoveRequest,
  RemoveResponse,
  StartRequest,
  StartResponse,
  StatusResponse,
  StopRequest,
  StopResponse,
  SupervisorEndpoint,
  SupervisorHealth,
} from "./api_types.ts";
import { loopbackGet } from "./loopback_get.ts";

/** A client of a running supervisor. */
export class SupervisorClient {
  readonly endpoint: SupervisorEndpoint;
  /** Created on demand: read-only commands do not need it. */
  #http: Deno.HttpClient | null = null;

  /** @param endpoint URL and token of the supervisor. */
  constructor(endpoint: SupervisorEndpoint) {
    this.endpoint = endpoint;
  }

  /** Returns the version and pid of the supervisor. */
  health(signal?: AbortSignal): Promise<SupervisorHealth> {
    return this.#get("/health", signal);
  }

  status(runtime: string, signal?: AbortSignal): Promise<StatusResponse> {
    return this.#get(`/v1/runtimes/${encodeURIComponent(runtime)}`, signal);
  }

  start(runtime: string, body: StartRequest): Promise<StartResponse> {
    return this.#request("POST", `/v1/runtimes/${encodeURIComponent(runtime)}/start`, body);
  }

  /** Stops services. Resolves when they have exited. */
  stop(runtime: string, body: StopRequest, signal?: AbortSignal): Promise<StopResponse> {
    const path = `/v1/runtimes/${encodeURIComponent(runtime)}/stop`;
    return this.#request("POST", path, body, signal);
  }

  /** Removes stopped services. */
  remove(runtime: string, body: RemoveRequest): Promise<RemoveResponse> {
    return this.#request("POST", `/v1/runtimes/${encodeURIComponent(runtime)}/remove`, body);
  }

  /** Shuts the supervisor down. The services keep running. */
  async shutdown(): Promise<void> {
    await this.#request("POST", "/v1/shutdown", {});
  }

  /**
   * Streams the events of a runtime: those after a position, then new ones.
   *
   * @param runtime Id of the runtime.
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
      // Loaded on demand: most commands do not follow events.
      const { readServerSentEvents } = await import("./server_sent_events.ts");
      for await (const { data } of readServerSentEvents(response.body!)) yield JSON.parse(data);
    } catch (error) {
      if (signal.aborted) return;
      throw this.#unavailable(error);
    }
  }

  /** Closes the connections. Further calls do nothing. */
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

  async #request<T>(
    method: string,
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<T> {
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
    throw await this.#responseError(response);
  }

  /** Returns the error in a response; `supervisor_unavailable` if it is not a supervisor's response. */
  async #responseError(response: Response): Promise<HaleError> {
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
      `The supervisor (pid ${pid}) ended, or gave no valid response, before the command was done. Run the ` +
        "command again: it starts another supervisor if none is alive.",
      { cause, fields: { url, pid } },
    );
  }
}
