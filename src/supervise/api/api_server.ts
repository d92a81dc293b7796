/**
 * The supervisor's API, for commands of the same person on the same machine.
 *
 * @module
 */

import { delay } from "@std/async/delay";
import { timingSafeEqual } from "@std/crypto/timing-safe-equal";
import { asHaleError, HaleError } from "../../errors.ts";
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
import { eventStream } from "./event_stream.ts";
import { readActor } from "./read_actor.ts";
import { readJson } from "./read_json.ts";
import type { SupervisedRuntime } from "../runtime/runtime.ts";
import type { Supervisor } from "../runtime/supervisor.ts";

const CLOSE_MS = 1_000;

/** A running API. */
export interface ApiServer {
  readonly endpoint: SupervisorEndpoint;
  /** Ends it; streams that are open are cut. */
  close(): Promise<void>;
}

/**
 * Serves a supervisor on a port of 127.0.0.1 that the system picks.
 *
 * @param supervisor Whom to ask.
 * @param options The version to tell, and what to do when somebody asks the supervisor to end.
 * @returns The running API.
 */
export function serveApi(supervisor: Supervisor, options: { version: string }): ApiServer {
  const token = newToken();
  const closing = new AbortController();
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: () => {},
    onError: (error) => refuse(500, asHaleError(error, "supervisor_unavailable")),
  }, async (request) => {
    const refusal = checkRequest(request, token);
    if (refusal !== null) return refusal;
    const done = supervisor.keepAlive();
    try {
      return await answer(request, supervisor, { ...options, closing: closing.signal });
    } catch (error) {
      return refuse(
        error instanceof HaleError ? statusOf(error) : 500,
        asHaleError(error, "supervisor_unavailable"),
      );
    } finally {
      done();
    }
  });
  return {
    endpoint: {
      url: `http://127.0.0.1:${server.addr.port}`,
      token,
      pid: Deno.pid,
      version: options.version,
    },
    close: async () => {
      closing.abort();
      // A request that waits for a service to stop is cut: the next supervisor goes on with it.
      const cut = new AbortController();
      await Promise.race([server.shutdown(), delay(CLOSE_MS, { signal: cut.signal })]);
      cut.abort();
    },
  };
}

/**
 * Everything that must hold before a request is looked at: the token, compared in constant time,
 * and a loopback Host, so that a page whose name was re-bound to 127.0.0.1 gets nothing.
 */
function checkRequest(request: Request, token: string): Response | null {
  const host = request.headers.get("host") ?? "";
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:[0-9]+)?$/.test(host)) {
    return refuse(403, new HaleError("usage", `The Host ${host} is not this machine's loopback.`));
  }
  const encoder = new TextEncoder();
  const given = encoder.encode(request.headers.get("authorization") ?? "");
  const wanted = encoder.encode(`Bearer ${token}`);
  // How long the token is, is no secret; timingSafeEqual() throws where the lengths differ.
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    return refuse(401, new HaleError("usage", "The token is missing or wrong."));
  }
  return null;
}

interface Context {
  readonly version: string;
  readonly closing: AbortSignal;
}

async function answer(
  request: Request,
  supervisor: Supervisor,
  context: Context,
): Promise<Response> {
  if (supervisor.ending) {
    throw new HaleError("supervisor_unavailable", "This supervisor is ending. Try again.");
  }
  const url = new URL(request.url);
  const route = `${request.method} ${url.pathname.replace(/^(\/v1\/runtimes\/)[^/]+/, "$1ID")}`;
  const id = readId(url);
  switch (route) {
    case "GET /health":
      return Response.json(
        {
          runtime: "hale",
          status: "ok",
          version: context.version,
          pid: Deno.pid,
        } satisfies SupervisorHealth,
      );
    case "GET /v1/runtimes/ID": {
      const answered = supervisor.queue.yieldToRequests();
      try {
        return Response.json(await status(supervisor, id));
      } finally {
        answered();
      }
    }
    case "GET /v1/runtimes/ID/events":
      return await eventStream(request, await supervisor.runtime(id), {
        hold: () => supervisor.keepAlive(),
        closing: context.closing,
      });
    case "POST /v1/runtimes/ID/start":
      return Response.json(await start(request, supervisor, id));
    case "POST /v1/runtimes/ID/stop":
      return Response.json(await stop(request, await supervisor.runtime(id)));
    case "POST /v1/shutdown":
      supervisor.finish();
      return Response.json({});
    default:
      return refuse(404, new HaleError("usage", `The supervisor does not know ${route}.`));
  }
}

function readId({ pathname }: URL): string {
  try {
    return decodeURIComponent(pathname.split("/")[3] ?? "");
  } catch (error) {
    throw new HaleError("usage", `${pathname} is not encoded as a URL.`, { cause: error });
  }
}

async function status(supervisor: Supervisor, id: string): Promise<StatusResponse> {
  // Who only looks creates nothing.
  if (!supervisor.knows(id)) return { runtime: id, last_event_id: 0, launched: {}, services: [] };
  const runtime = await supervisor.runtime(id);
  await supervisor.refresh();
  return statusOfRuntime(runtime);
}

function statusOfRuntime(runtime: SupervisedRuntime): StatusResponse {
  return {
    runtime: runtime.id,
    last_event_id: runtime.records.lastEventId(),
    launched: Object.fromEntries(
      runtime.services.flatMap(({ name, launched }) => launched === null ? [] : [[name, launched]]),
    ),
    services: runtime.status(),
  };
}

async function start(
  request: Request,
  supervisor: Supervisor,
  id: string,
): Promise<StartResponse> {
  const body = await readJson<StartRequest>(request);
  const runtime = await supervisor.runtime(id, body.config_path);
  await supervisor.refresh();
  runtime.records.describe(body.config_path, body.store);
  const after = runtime.records.lastEventId();
  runtime.configure(body.configure);
  const outcomes = runtime.start(body.services, body.how, readActor(body.actor));
  // What is answered is on disk. The services are on their way meanwhile.
  await runtime.records.flush().catch(runtime.records.problem);
  return { after, outcomes, services: runtime.status() };
}

async function stop(request: Request, runtime: SupervisedRuntime): Promise<StopResponse> {
  const { services, actor } = await readJson<StopRequest>(request);
  const stopped = await runtime.stop(services, readActor(actor));
  await runtime.records.flush();
  return { stopped, services: runtime.status() };
}

function statusOf(error: HaleError): number {
  if (error.code === "supervisor_unavailable") return 503;
  if (error.code === "limit_too_large") return 413;
  if (error.code === "unknown_service") return 404;
  return 400;
}

function refuse(status: number, error: HaleError): Response {
  return Response.json({ error: error.toJSON() } satisfies ErrorResponse, { status });
}

function newToken(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toHex();
}
