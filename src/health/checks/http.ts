import type { HealthCheck } from "../../model/health_spec.ts";
import { createDirectHttpClient } from "../../platform/direct_http_client.ts";
import { connectionFailure, errorMessages } from "../connection_error.ts";
import { connectAddresses, isLocalhost, probeAddresses } from "../loopback.ts";
import { formatStatusRanges } from "../../text/status_ranges.ts";
import { withinBudget } from "../within_budget.ts";
import type { ProbeOptions, ProbeResult } from "../types.ts";

type HttpCheck = Extract<HealthCheck, { kind: "http" }>;

/** More than any health response needs. A page of another program must not exhaust the memory. */
const MAX_BODY_BYTES = 64 * 1024;

/**
 * Requests an HTTP endpoint. A response with an accepted status whose JSON body has the expected
 * fields is healthy.
 *
 * Proxies of the environment are ignored, because the service is on this machine or its network.
 * Redirects are not followed, because the target may be another program.
 *
 * @param check The request, and the status and fields to expect. `localhost` is healthy if
 * `127.0.0.1` or `::1` is.
 * @param options The time limit. It includes the body, so a server cannot extend it by sending slowly.
 * @returns The result.
 */
export async function probeHttp(check: HttpCheck, options: ProbeOptions): Promise<ProbeResult> {
  const url = new URL(check.url);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  // A certificate is issued for the name, so the name must reach fetch().
  const addresses = url.protocol === "https:" ? [host] : connectAddresses(host);
  const budget = AbortSignal.timeout(options.timeoutMs);
  using client = createDirectHttpClient({ poolMaxIdlePerHost: 0, allowHost: true });
  return await probeAddresses(
    addresses,
    { headStartMs: options.timeoutMs / 2, signal: options.signal },
    request,
  );

  async function request(address: string, stop: AbortSignal): Promise<ProbeResult> {
    const target = new URL(url);
    target.hostname = address.includes(":") ? `[${address}]` : address;
    try {
      const response = await fetch(target, {
        client,
        method: check.method,
        signal: AbortSignal.any([budget, stop]),
        redirect: "manual",
        headers: headersOf(check, isLocalhost(host) ? url.host : null),
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
}

/**
 * The request headers; those of the check override.
 *
 * `Accept` is what curl sends: servers such as Vite answer 404 if it has no range that they serve.
 * Where fields are expected, JSON is preferred, but nothing is excluded.
 */
function headersOf(check: HttpCheck, host: string | null): Headers {
  const wantsJson = [check.expect, check.identify].some((fields) => Object.keys(fields).length > 0);
  const headers = new Headers({
    accept: wantsJson ? "application/json, */*;q=0.1" : "*/*",
    connection: "close",
  });
  if (host !== null) headers.set("host", host);
  for (const [name, value] of Object.entries(check.headers)) headers.set(name, value);
  return headers;
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
  const passes = check.status.some(([from, to]) =>
    response.status >= from && response.status <= to
  );
  const body = parseObject(text);
  const foreign = body === null ? undefined : findForeignField(check, body, passes);
  if (body !== null && foreign !== undefined) {
    const [name, expected] = foreign;
    const runtime = typeof body[name] === "string" ? body[name] : null;
    const reason = wrongField(check, name, { actual: body[name], expected });
    return failed("foreign", reason, runtime);
  }
  if (!passes) {
    const location = response.headers.get("location");
    const redirect = location === null ? "" : ` (a redirect to ${location})`;
    const expected = `, expected ${formatStatusRanges(check.status)}`;
    return failed("unhealthy", `${check.url} returned ${response.status}${redirect}${expected}`);
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
function findForeignField(check: HttpCheck, body: Record<string, unknown>, passes: boolean) {
  return Object.entries(check.identify)
    .find(([name, value]) => (passes || name in body) && body[name] !== value);
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
  const failure = connectionFailure(url.host, url.host, error);
  if (failure !== null) return failure;
  // fetch() wraps the error in causes; the innermost one is the most specific.
  const messages = errorMessages(error);
  if (
    /invalid HTTP|parse|malformed|http2 error|incomplete|unexpected ?message/i.test(
      messages.join(": "),
    )
  ) {
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
