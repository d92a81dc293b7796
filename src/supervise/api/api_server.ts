/**
 * The server of the supervisor's API, for commands of the same user on the same machine.
 *
 * @module
 */

import { delay } from "@std/async/delay";
import { timingSafeEqual } from "@std/crypto/timing-safe-equal";
import { asHaleError, HaleError } from "../../errors.ts";
import { passingFault } from "../../files/io_error.ts";
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
import { eventStream } from "./event_stream.ts";
import { HttpServer } from "./http_server.ts";
import { readActor } from "./read_actor.ts";
import { readJson } from "./read_json.ts";
import type { RequestHead } from "./request_head.ts";
import { challengeIn, PROOF_PATH, proofOf, type SupervisorProof } from "./supervisor_proof.ts";
import type { SupervisedRuntime } from "../runtime/runtime.ts";
import { shuttingDown, type Supervisor } from "../runtime/supervisor.ts";

const CLOSE_MS = 1_000;

/** How long the records of a stop may take on a full or read-only disk, in milliseconds. */
const RECORD_MS = 5_000;
const RECORD_PAUSE_MS = 250;

/** A running API. */
export interface ApiServer {
  readonly endpoint: SupervisorEndpoint;
  /** Stops the server and closes open streams. */
  close(): Promise<void>;
}

/**
 * Serves the API of a supervisor on a free port of 127.0.0.1.
 *
 * @param supervisor The supervisor.
 * @param options `version`: the version to report.
 * @returns The running API.
 */
export function serveApi(supervisor: Supervisor, options: { version: string }): ApiServer {
  const token = newToken();
  const closing = new AbortController();
  const server = new HttpServer({
    invalid: () =>
      errorResponse(400, new HaleError("usage", "This is not a valid HTTP/1.1 request.")),
    check: (head) => decide(head, token, supervisor),
    handle: async (request) => {
      const done = supervisor.keepAlive();
      try {
        return await handle(request, supervisor, { ...options, closing: closing.signal });
      } catch (error) {
        return error instanceof HaleError
          ? errorResponse(statusOf(error), error)
          : internalError(error);
      } finally {
        done();
      }
    },
  });
  return {
    endpoint: {
      url: `http://127.0.0.1:${server.port}`,
      token,
      pid: Deno.pid,
      version: options.version,
    },
    close: async () => {
      closing.abort();
      // Do not wait for long stop requests: the next supervisor completes the stops.
      const closed = new AbortController();
      await Promise.race([server.close(), delay(CLOSE_MS, { signal: closed.signal })]);
      closed.abort();
    },
  };
}

/**
 * Authenticates a request. The token is compared in constant time. The `Host` must be a loopback name,
 * which prevents DNS rebinding: a web page whose name resolves to 127.0.0.1 is rejected.
 *
 * @returns The response for a request that is rejected or needs no token, else null.
 */
function decide(
  { method, url, headers }: RequestHead,
  token: string,
  supervisor: Supervisor,
): Response | null {
  const host = headers.get("host") ?? "";
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:[0-9]+)?$/.test(host)) {
    return errorResponse(
      403,
      new HaleError(
        "usage",
        `The Host header is ${JSON.stringify(host)}, expected 127.0.0.1, localhost or [::1].`,
      ),
    );
  }
  const challenge = challengeIn(url);
  if (method === "GET" && url.pathname === PROOF_PATH && challenge !== null) {
    if (supervisor.ending) return errorResponse(503, shuttingDown());
    return Response.json({ proof: proofOf(token, challenge) } satisfies SupervisorProof);
  }
  const encoder = new TextEncoder();
  const actual = encoder.encode(headers.get("authorization") ?? "");
  const expected = encoder.encode(`Bearer ${token}`);
  // The length is not secret, and timingSafeEqual() throws if the lengths differ.
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) {
    return errorResponse(401, new HaleError("usage", "The token is missing or wrong."));
  }
  return null;
}

interface Context {
  readonly version: string;
  readonly closing: AbortSignal;
}

async function handle(
  request: Request,
  supervisor: Supervisor,
  context: Context,
): Promise<Response> {
  if (supervisor.ending) throw shuttingDown();
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
      const done = supervisor.queue.yieldToRequests();
      try {
        return Response.json(await status(supervisor, id));
      } finally {
        done();
      }
    }
    case "GET /v1/runtimes/ID/events":
      return await eventStream(request, await supervisor.runtime(id), {
        keepAlive: () => supervisor.keepAlive(),
        closing: context.closing,
      });
    case "POST /v1/runtimes/ID/start":
      return Response.json(await start(request, supervisor, id));
    case "POST /v1/runtimes/ID/stop":
      return Response.json(await stop(request, await supervisor.runtime(id)));
    case "POST /v1/runtimes/ID/remove":
      return Response.json(await remove(request, await supervisor.runtime(id)));
    case "POST /v1/shutdown":
      supervisor.finish();
      return Response.json({});
    default:
      return errorResponse(404, new HaleError("usage", `There is no route ${route}.`));
  }
}

function readId({ pathname }: URL): string {
  try {
    return decodeURIComponent(pathname.split("/")[3] ?? "");
  } catch (error) {
    throw new HaleError("usage", `${pathname} is not a valid URL path.`, { cause: error });
  }
}

async function status(supervisor: Supervisor, id: string): Promise<StatusResponse> {
  // A status request must not create a runtime.
  if (!supervisor.hasRuntime(id)) {
    return { runtime: id, last_event_id: 0, launched: {}, services: [] };
  }
  const runtime = await supervisor.runtime(id);
  await supervisor.refresh();
  return statusOfRuntime(runtime);
}

function statusOfRuntime(runtime: SupervisedRuntime): StatusResponse {
  return {
    runtime: runtime.id,
    last_event_id: runtime.records.lastEventId(),
    launched: Object.fromEntries(
      runtime.services.flatMap(({ name, launchedDigest: digest }) =>
        digest === null ? [] : [[name, digest]]
      ),
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
  // Respond only when the records are on disk. The services start in the meantime.
  await runtime.records.flush().catch(runtime.records.problem);
  return { after, outcomes, services: runtime.status() };
}

async function stop(request: Request, runtime: SupervisedRuntime): Promise<StopResponse> {
  const { services, actor } = await readJson<StopRequest>(request);
  const stopped = await runtime.stop(services, readActor(actor));
  await recordStop(runtime, services);
  return { stopped, reports: runtime.stopReports(stopped), services: runtime.status() };
}

/** Waits for the records of a stop. A log that filled the disk is emptied within seconds. */
async function recordStop(runtime: SupervisedRuntime, services: readonly string[]): Promise<void> {
  for (let leftMs = RECORD_MS;; leftMs -= RECORD_PAUSE_MS) {
    try {
      await runtime.records.flush();
      return;
    } catch (error) {
      if (leftMs > 0 && passingFault(error) !== null) {
        await delay(RECORD_PAUSE_MS);
        continue;
      }
      const { code, message, fields } = asHaleError(error, "store_io");
      throw new HaleError(
        code,
        `${services.join(", ")} stopped, but that is not recorded: ${message} Until it is, a new ` +
          "supervisor would start what was running.",
        { fields, cause: error },
      );
    }
  }
}

async function remove(request: Request, runtime: SupervisedRuntime): Promise<RemoveResponse> {
  const { services, actor } = await readJson<RemoveRequest>(request);
  const kept = await runtime.remove(services, readActor(actor));
  await runtime.records.flush();
  return { kept };
}

function statusOf(error: HaleError): number {
  if (error.code === "supervisor_unavailable") return 503;
  if (error.code === "limit_too_large") return 413;
  if (error.code === "unknown_service") return 404;
  return 400;
}

function errorResponse(status: number, error: HaleError): Response {
  return Response.json({ error: error.toJSON() } satisfies ErrorResponse, { status });
}

function internalError(error: unknown): Response {
  return errorResponse(500, asHaleError(error, "supervisor_unavailable"));
}

function newToken(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toHex();
}
