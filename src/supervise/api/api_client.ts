/**
 * The client of the supervisor's API.
 *
 * @module
 */

import { delay } from "@std/async/delay";
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
import { newChallenge, PROOF_PATH, proofOf, type SupervisorProof } from "./supervisor_proof.ts";
import { Timeout } from "./timeout.ts";
import { isUnresponsive, unresponsive } from "./unresponsive.ts";

/** A supervisor with hundreds of services answers within a tenth of this, in milliseconds. */
const ANSWER_MS = 5_000;

/** The answer to these waits for a sync of the disk. */
const COMMIT_MS = 30_000;

/** How often a supervisor is asked for its status while it works on a request. */
const WATCH_MS = 2_000;

/** Settings of {@linkcode SupervisorClient}. */
export interface SupervisorClientOptions {
  /** Home and log of the supervisor, for messages. */
  readonly home?: string;
  readonly log?: string;
  /** Longest wait for an answer that needs no disk, in milliseconds. @default 5000 */
  readonly answerMs?: number;
}

/** A request and what bounds its wait. */
interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** Aborts the request; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Longest wait for the whole answer, in milliseconds. */
  readonly withinMs: number;
}

/** A client of a running supervisor. */
export class SupervisorClient {
  readonly endpoint: SupervisorEndpoint;
  readonly #options: SupervisorClientOptions;
  /** Created on demand: read-only commands do not need it. */
  #http: Deno.HttpClient | null = null;

  /**
   * @param endpoint URL and token of the supervisor.
   * @param options Where it is, and how long to wait.
   */
  constructor(endpoint: SupervisorEndpoint, options: SupervisorClientOptions = {}) {
    this.endpoint = endpoint;
    this.#options = options;
  }

  /**
   * Asks for the proof that the supervisor answers and no other program. The token is not sent.
   *
   * @param signal Aborts the request.
   * @returns Whether it is proved; null for a supervisor of an earlier version, which does not know the
   *   question, or for another program that demands a token.
   * @throws If nothing answers, or the answer is not one.
   */
  async isProved(signal: AbortSignal): Promise<boolean | null> {
    const { url, token } = this.endpoint;
    const challenge = newChallenge();
    const to = new URL(`${PROOF_PATH}?challenge=${challenge}`, url);
    const { status, body } = await loopbackGet(to, { headers: {}, signal });
    if (status === 401) return null;
    if (status !== 200) return false;
    return (JSON.parse(body) as SupervisorProof).proof === proofOf(token, challenge);
  }

  /** Returns the version and pid of the supervisor. */
  health(signal?: AbortSignal): Promise<SupervisorHealth> {
    return this.#get("/health", signal);
  }

  status(runtime: string, signal?: AbortSignal): Promise<StatusResponse> {
    return this.#get(pathOf(runtime), signal);
  }

  start(runtime: string, body: StartRequest): Promise<StartResponse> {
    return this.#act(runtime, "start", { body, withinMs: COMMIT_MS });
  }

  /** Stops services. Resolves when they have exited, however long that takes. */
  stop(runtime: string, body: StopRequest, signal?: AbortSignal): Promise<StopResponse> {
    return this.#act(runtime, "stop", { body, signal, withinMs: Infinity });
  }

  /** Removes stopped services. */
  remove(runtime: string, body: RemoveRequest): Promise<RemoveResponse> {
    return this.#act(runtime, "remove", { body, withinMs: COMMIT_MS });
  }

  /** Shuts the supervisor down. The services keep running. */
  async shutdown(): Promise<void> {
    await this.#request({
      method: "POST",
      path: "/v1/shutdown",
      body: {},
      withinMs: this.#answerMs,
    });
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
    const path = `${pathOf(runtime, "events")}?after=${after}`;
    try {
      const response = await this.#send({ method: "GET", path, signal, withinMs: Infinity });
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

  get #answerMs(): number {
    return this.#options.answerMs ?? ANSWER_MS;
  }

  /**
   * Sends a request that takes long. It fails if the supervisor does not answer requests for the status of
   * the runtime meanwhile.
   */
  async #act<T>(
    runtime: string,
    action: string,
    { signal, ...request }: Pick<ApiRequest, "body" | "signal" | "withinMs">,
  ): Promise<T> {
    const over = new AbortController();
    const ended = signal === undefined ? over.signal : AbortSignal.any([over.signal, signal]);
    const path = pathOf(runtime, action);
    try {
      return await Promise.race([
        this.#request<T>({ ...request, method: "POST", path, signal: ended }),
        this.#silence(runtime, ended),
      ]);
    } finally {
      over.abort();
    }
  }

  /** Rejects when the supervisor does not answer; never resolves. */
  async #silence(runtime: string, ended: AbortSignal): Promise<never> {
    while (!ended.aborted) {
      await delay(WATCH_MS, { signal: ended }).catch(() => {});
      if (!ended.aborted) await this.#checkAnswer(runtime, ended);
    }
    return await new Promise(() => {});
  }

  /** Fails only if no answer comes in time: the request itself reports every other failure. */
  async #checkAnswer(runtime: string, ended: AbortSignal): Promise<void> {
    try {
      await this.status(runtime, ended);
    } catch (error) {
      if (!ended.aborted && isUnresponsive(error)) throw error;
    }
  }

  async #get<T>(path: string, signal?: AbortSignal): Promise<T> {
    const timeout = new Timeout(this.#answerMs, signal);
    try {
      const { status, body } = await loopbackGet(new URL(path, this.endpoint.url), {
        headers: this.#headers,
        signal: timeout.signal,
      });
      if (status === 200) return JSON.parse(body);
      throw HaleError.fromJSON((JSON.parse(body) as ErrorResponse).error);
    } catch (error) {
      signal?.throwIfAborted();
      if (timeout.isOver) throw this.#unresponsive(`GET ${path}`);
      throw error instanceof HaleError ? error : this.#unavailable(error);
    } finally {
      timeout.clear();
    }
  }

  get #headers(): Record<string, string> {
    return { authorization: `Bearer ${this.endpoint.token}` };
  }

  async #request<T>({ signal, withinMs, ...request }: ApiRequest): Promise<T> {
    const timeout = new Timeout(withinMs, signal);
    try {
      const response = await this.#send({ ...request, signal: timeout.signal, withinMs });
      return await response.json();
    } catch (error) {
      signal?.throwIfAborted();
      if (timeout.isOver) throw this.#unresponsive(`${request.method} ${request.path}`);
      throw this.#unavailable(error);
    } finally {
      timeout.clear();
    }
  }

  async #send({ method, path, body, signal }: ApiRequest): Promise<Response> {
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

  #unresponsive(request: string): HaleError {
    const { home = null, log = null } = this.#options;
    return unresponsive({ pid: this.endpoint.pid, home, log }, request);
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

function pathOf(runtime: string, action = ""): string {
  const path = `/v1/runtimes/${encodeURIComponent(runtime)}`;
  return action === "" ? path : `${path}/${action}`;
}
