/**
 * The supervisor's API, for commands of the same person on the same machine.
 *
 * @module
 */

import { delay } from "@std/async/delay";
import { timingSafeEqual } from "@std/crypto/timing-safe-equal";
import { HaleError, messageOf } from "../errors.ts";
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
import { readActor } from "./read_actor.ts";
import type { SupervisedRuntime } from "./runtime.ts";
import type { Supervisor } from "./supervisor.ts";

/** A configuration of hundreds of services with long environments stays far below this. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;
const HEARTBEAT_MS = 15_000;
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
    onError: (error) => refuse(500, new HaleError("supervisor_unavailable", messageOf(error))),
  }, async (request) => {
    const refusal = checkRequest(request, token);
    if (refusal !== null) return refusal;
    const done = supervisor.keepAlive();
    try {
      return await answer(request, supervisor, { ...options, closing: closing.signal });
    } catch (error) {
      return error instanceof HaleError
        ? refuse(statusOf(error), error)
        : refuse(500, new HaleError("supervisor_unavailable", messageOf(error)));
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
    case "GET /v1/runtimes/ID":
      return Response.json(await status(supervisor, id));
    case "GET /v1/runtimes/ID/events":
      return await streamEvents(request, await supervisor.runtime(id), supervisor, context.closing);
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
  const runtime = await supervisor.runtime(id);
  await supervisor.refresh();
  return statusOfRuntime(runtime);
}

function statusOfRuntime(runtime: SupervisedRuntime): StatusResponse {
  return {
    runtime: runtime.id,
    last_event_id: runtime.records.lastEventId(),
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

/** A cursor that has expired gets an answer of its own, and no stream that breaks. */
async function refuseExpired(runtime: SupervisedRuntime, after: number): Promise<void> {
  try {
    await runtime.records.readEvents(after, 1);
  } catch (error) {
    if (error instanceof HaleError && error.code === "cursor_expired") throw error;
  }
}

/** Server-sent events: one record each, its id the cursor to resume from. */
async function streamEvents(
  request: Request,
  runtime: SupervisedRuntime,
  supervisor: Supervisor,
  closing: AbortSignal,
): Promise<Response> {
  const after = readCursor(request);
  await refuseExpired(runtime, after);
  const ended = new AbortController();
  const signal = AbortSignal.any([ended.signal, closing]);
  const done = supervisor.keepAlive();
  const encoder = new TextEncoder();
  let heartbeat: ReturnType<typeof setInterval> | undefined;
  const records = runtime.watch(after, signal);
  const end = () => {
    ended.abort();
    clearInterval(heartbeat);
    done();
  };
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      // A line that says nothing shows a dead connection; it also sends the headers at once.
      const beat = () => controller.enqueue(encoder.encode(":\n\n"));
      beat();
      heartbeat = setInterval(beat, HEARTBEAT_MS);
    },
    async pull(controller) {
      try {
        const next = await records.next();
        if (!next.done) {
          const { id, type } = next.value;
          const text = `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(next.value)}\n\n`;
          controller.enqueue(encoder.encode(text));
          return;
        }
      } catch (error) {
        // A log that cannot be read: the connection is cut, so nobody takes it for the end.
        end();
        throw error;
      }
      end();
      controller.close();
    },
    cancel: end,
  });
  return new Response(body, {
    headers: { "content-type": "text/event-stream", "cache-control": "no-store" },
  });
}

/** The id of the last event already seen. */
function readCursor(request: Request): number {
  const resumed = request.headers.get("last-event-id");
  const text = resumed ?? new URL(request.url).searchParams.get("after") ?? "0";
  const after = Number(text);
  if (/^[0-9]+$/.test(text) && Number.isSafeInteger(after)) return after;
  throw new HaleError("usage", `${JSON.stringify(text)} is not the id of an event.`);
}

async function readJson<T>(request: Request): Promise<T> {
  const announced = Number(request.headers.get("content-length") ?? 0);
  const chunks: Uint8Array[] = [];
  let size = announced > MAX_BODY_BYTES ? announced : 0;
  if (size === 0 && request.body !== null) {
    for await (const chunk of request.body) {
      size += chunk.byteLength;
      if (size > MAX_BODY_BYTES) break;
      chunks.push(chunk);
    }
  }
  if (size > MAX_BODY_BYTES) {
    throw new HaleError(
      "limit_too_large",
      `A request may have ${MAX_BODY_BYTES} bytes; this one has ${size} or more.`,
      { fields: { max: MAX_BODY_BYTES } },
    );
  }
  let body;
  try {
    body = JSON.parse(await new Blob(chunks as BlobPart[]).text());
  } catch (error) {
    throw new HaleError("usage", `The request is not JSON: ${messageOf(error)}`, { cause: error });
  }
  if (typeof body === "object" && body !== null) return body;
  throw new HaleError("usage", "The request is not a JSON object.");
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
  return [...crypto.getRandomValues(new Uint8Array(32))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
