import { assertEquals } from "@std/assert";
import { serveApi } from "../../../src/supervise/api/api_server.ts";
import type { SupervisorEndpoint } from "../../../src/supervise/api/api_types.ts";
import { readServerSentEvents } from "../../../src/supervise/api/server_sent_events.ts";
import type { Supervisor } from "../../../src/supervise/runtime/supervisor.ts";
import type { SupervisedRuntime } from "../../../src/supervise/runtime/runtime.ts";
import {
  RUNTIME,
  SupervisedHome,
  type TestSupervisorOptions,
} from "../../fixtures/supervised_home.ts";

/** A home with a supervisor and its API server. */
export class ServedHome extends SupervisedHome {
  #server: ReturnType<typeof serveApi> | null = null;
  supervised!: { supervisor: Supervisor; runtime: SupervisedRuntime };

  async serve(options: TestSupervisorOptions = {}): Promise<SupervisorEndpoint> {
    this.supervised = await this.open(options);
    this.#server = serveApi(this.supervised.supervisor, { version: "0.0.0-test" });
    return this.#server.endpoint;
  }

  async closeServer(): Promise<void> {
    await this.#server?.close();
    this.#server = null;
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await this.closeServer();
    await super[Symbol.asyncDispose]();
  }
}

export function get(endpoint: SupervisorEndpoint, path: string, headers: HeadersInit = {}) {
  const authorization = `Bearer ${endpoint.token}`;
  return fetch(endpoint.url + path, { headers: { authorization, ...headers } });
}

export function post(endpoint: SupervisorEndpoint, path: string, body: BodyInit) {
  const headers = { authorization: `Bearer ${endpoint.token}` };
  return fetch(endpoint.url + path, { method: "POST", headers, body });
}

/** Returns the status and the error code of an error response. */
export async function errorOf(responding: Promise<Response>): Promise<readonly [number, string]> {
  const response = await responding;
  return [response.status, (await response.json()).error.code];
}

/** Reads a number of events from a stream, then closes it. Returns their ids. */
export async function readIds(response: Response, count: number): Promise<readonly number[]> {
  const ids: number[] = [];
  if (count === 0) await response.body?.cancel();
  for await (const { id, data } of readServerSentEvents(response.body!)) {
    assertEquals(JSON.parse(data).id, Number(id));
    ids.push(Number(id));
    if (ids.length >= count) break;
  }
  return ids;
}

export const RUNTIME_PATH = `/v1/runtimes/${RUNTIME}`;
