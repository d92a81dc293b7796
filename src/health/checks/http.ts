import type { HealthCheck } from "../../model/service_spec.ts";
import { createDirectHttpClient } from "../../platform/direct_http_client.ts";
import { withinBudget } from "../within_budget.ts";
import type { ProbeOptions, ProbeResult } from "../types.ts";

type HttpCheck = Extract<HealthCheck, { kind: "http" }>;

/** More than any health answer needs; a stranger's page must not fill the memory. */
const MAX_BODY_BYTES = 64 * 1024;

/**
 * Asks an HTTP endpoint. Healthy is a 2xx answer whose JSON body has the expected fields.
 *
 * The connection goes straight to the endpoint, whatever proxy the environment names: a service is
 * on this machine or beside it. Redirects are not followed: they lead to somebody else's health.
 *
 * @param check What to ask and what to expect.
 * @param options The budget: it covers the body too, so a server that drips is cut off.
 * @returns What was seen.
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
    return judge(check, response, await readBody(response));
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

function judge(check: HttpCheck, response: Response, text: string): ProbeResult {
  const body = parseObject(text);
  const stranger = body === null ? undefined : findStranger(check, body, response.ok);
  if (body !== null && stranger !== undefined) {
    const [name, wanted] = stranger;
    const runtime = typeof body[name] === "string" ? body[name] : null;
    return failed(
      "foreign",
      `${check.url} answers with ${name} = ${JSON.stringify(body[name] ?? null)}, ` +
        `not ${JSON.stringify(wanted)}`,
      runtime,
    );
  }
  if (!response.ok) {
    const where = response.headers.get("location");
    const redirect = where === null ? "" : ` (a redirect to ${where})`;
    return failed("unhealthy", `${check.url} answered ${response.status}${redirect}`);
  }
  const identified = Object.keys(check.identify).length > 0;
  if (body === null && (identified || Object.keys(check.expect).length > 0)) {
    return failed(
      identified ? "foreign" : "unhealthy",
      `${check.url} answered ${response.status} without a JSON object`,
    );
  }
  for (const [name, wanted] of Object.entries(check.expect)) {
    const value = body?.[name];
    if (value !== wanted) {
      return failed(
        "unhealthy",
        `${check.url} answered ${name} = ${JSON.stringify(value ?? null)}, ` +
          `not ${JSON.stringify(wanted)}`,
      );
    }
  }
  return { kind: "healthy", body: body ?? {} };
}

/** The first field that tells of another program. An error need not say who it is from. */
function findStranger(check: HttpCheck, body: Record<string, unknown>, ok: boolean) {
  return Object.entries(check.identify)
    .find(([name, value]) => (ok || name in body) && body[name] !== value);
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
  // fetch wraps what happened in causes; the innermost one tells.
  const told: string[] = [];
  for (let cause = error; cause instanceof Error; cause = cause.cause) told.push(cause.message);
  const text = told.join(": ");
  if (error instanceof Deno.errors.NotCapable) {
    return failed(
      "unhealthy",
      `hale may not connect to ${url.host}: only loopback and the releases hosts are allowed`,
    );
  }
  if (/refused|unreachable|os error (111|61|10061)/i.test(text)) {
    return failed("refused", `nothing listens at ${url.host}`);
  }
  if (/invalid HTTP|parse|malformed|http2 error|incomplete|unexpected ?message/i.test(text)) {
    return failed("not_http", `${url.host} does not speak HTTP`);
  }
  return failed("unhealthy", `${url.host}: ${told.at(-1) ?? String(error)}`);
}

function failed(
  kind: Exclude<ProbeResult["kind"], "healthy">,
  reason: string,
  runtime: string | null = null,
): ProbeResult {
  return { kind, reason, runtime };
}
