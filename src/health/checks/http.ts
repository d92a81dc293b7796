import type { HealthCheck } from "../../model/service_spec.ts";
import { createDirectHttpClient } from "../../platform/direct_http_client.ts";
import { withinBudget } from "../within_budget.ts";
import type { ProbeOptions, ProbeResult } from "../types.ts";

type HttpCheck = Extract<HealthCheck, { kind: "http" }>;

/** More than any health response needs. A page of another program must not exhaust the memory. */
const MAX_BODY_BYTES = 64 * 1024;

/**
 * Requests an HTTP endpoint. A 2xx response whose JSON body has the expected fields is healthy.
 *
 * Proxies of the environment are ignored, because the service is on this machine or its network.
 * Redirects are not followed, because the target may be another program.
 *
 * @param check The URL and the expected fields.
 * @param options The time limit. It includes the body, so a server cannot extend it by sending slowly.
 * @returns The result.
 */
export async function probeHttp(check: HttpCheck, options: ProbeOptions): Promise<ProbeResult> {
  const url = new URL(check.url);
  const budget = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal === undefined ? budget : AbortSignal.any([budget, options.signal]);
  using client = createDirectHttpClient({ poolMaxIdlePerHost: 0 });
  try {
    const response = await fetch(url, {
      client,
      signal,
      redirect: "manual",
      headers: { accept: "application/json", connection: "close" },
    });
    return evaluate(check, response, await readBody(response));
  } catch (error) {
    options.signal?.throwIfAborted();
    if (budget.aborted) {
      return failed("timeout", `no answer from ${check.url}${withinBudget(options)}`);
    }
    return connectionFailed(url, error);
  }
}

async function readBody(response: Response): Promise<string> {
  if (response.body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > MAX_BODY_BYTES) break;
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

function evaluate(check: HttpCheck, response: Response, text: string): ProbeResult {
  const body = parseObject(text);
  const foreign = body === null ? undefined : findForeignField(check, body, response.ok);
  if (body !== null && foreign !== undefined) {
    const [name, expected] = foreign;
    const runtime = typeof body[name] === "string" ? body[name] : null;
    const reason = wrongField(check, name, { actual: body[name], expected });
    return failed("foreign", reason, runtime);
  }
  if (!response.ok) {
    const location = response.headers.get("location");
    const redirect = location === null ? "" : ` (a redirect to ${location})`;
    return failed("unhealthy", `${check.url} returned ${response.status}${redirect}`);
  }
  const mustIdentify = Object.keys(check.identify).length > 0;
  if (body === null && (mustIdentify || Object.keys(check.expect).length > 0)) {
    return failed(
      mustIdentify ? "foreign" : "unhealthy",
      `${check.url} returned ${response.status} without a JSON object`,
    );
  }
  for (const [name, expected] of Object.entries(check.expect)) {
    const actual = body?.[name];
    if (actual !== expected) {
      return failed("unhealthy", wrongField(check, name, { actual, expected }));
    }
  }
  return { kind: "healthy", body: body ?? {} };
}

/** The first `identify` field that differs. An error response may omit the field. */
function findForeignField(check: HttpCheck, body: Record<string, unknown>, ok: boolean) {
  return Object.entries(check.identify)
    .find(([name, value]) => (ok || name in body) && body[name] !== value);
}

function wrongField(
  { url }: HttpCheck,
  name: string,
  { actual, expected }: { actual: unknown; expected: unknown },
): string {
  return `${url} returned ${name} = ${JSON.stringify(actual ?? null)}, ` +
    `expected ${JSON.stringify(expected)}`;
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

function connectionFailed(url: URL, error: unknown): ProbeResult {
  // fetch() wraps the error in causes; the innermost one is the most specific.
  const messages: string[] = [];
  for (let cause = error; cause instanceof Error; cause = cause.cause) messages.push(cause.message);
  const text = messages.join(": ");
  if (error instanceof Deno.errors.NotCapable) {
    return failed(
      "unhealthy",
      `hale has no permission to connect to ${url.host}: only loopback addresses and the release ` +
        "hosts are allowed",
    );
  }
  if (/refused|unreachable|os error (111|61|10061)/i.test(text)) {
    return failed("refused", `nothing listens at ${url.host}`);
  }
  if (/invalid HTTP|parse|malformed|http2 error|incomplete|unexpected ?message/i.test(text)) {
    return failed("not_http", `${url.host} does not speak HTTP`);
  }
  return failed("unhealthy", `${url.host}: ${messages.at(-1) ?? String(error)}`);
}

function failed(
  kind: Exclude<ProbeResult["kind"], "healthy">,
  reason: string,
  runtime: string | null = null,
): ProbeResult {
  return { kind, reason, runtime };
}
