import type { HealthCheck } from "../../model/health_spec.ts";
import { splitHostPort } from "./endpoint.ts";
import type { Fill } from "./fill.ts";
import type { HealthTable } from "../schema/schema.ts";
import type { Scalar } from "../schema/schema_values.ts";
import type { LoadContext, ServiceDraft } from "./service_draft.ts";

/** The keys of one check, as in `health`, `health.start` and `health.liveness`. */
export type CheckTable = Pick<
  HealthTable,
  "http" | "tcp" | "exec" | "log" | "method" | "headers" | "status" | "expect" | "identify"
>;

const OWN_ENDPOINT = "${endpoint}";

/**
 * Builds one check.
 *
 * @param table Its keys.
 * @param options `draft`: the service. `key`: the key of the table in the service. `fill`: fills in
 * placeholders.
 * @param context Where to report problems.
 * @returns The check; null if the table has none, or a problem was reported.
 */
export function buildCheck(
  table: CheckTable,
  { draft, key, fill }: { draft: ServiceDraft; key: readonly string[]; fill: Fill },
  context: LoadContext,
): HealthCheck | null {
  const { http, tcp, exec, log } = table;
  const path = [...draft.path, ...key];
  if (http !== undefined) {
    const url = fill([...key, "http"], http);
    if (url !== null) checkHttp(url, http);
    return {
      kind: "http",
      url: url ?? "",
      method: table.method,
      headers: readHeaders(),
      status: table.status,
      expect: fillFields("expect"),
      identify: fillFields("identify"),
    };
  }
  if (tcp !== undefined) return readTcp(tcp);
  if (exec !== undefined) {
    const command = exec.map((part, index) => fill([...key, "exec", index], part) ?? "");
    return { kind: "exec", command };
  }
  return log === undefined ? null : { kind: "log", pattern: log };

  function checkHttp(text: string, written: string): void {
    const url = URL.parse(text);
    const isHttp = url !== null && ["http:", "https:"].includes(url.protocol);
    if (!isHttp && written.startsWith(OWN_ENDPOINT)) {
      // The check may come from a preset, but the user can correct the endpoint.
      context.problems.add(
        [...draft.path, "endpoint"],
        "expected an endpoint that begins with http:// or https://, because the health check is " +
          `${key.join(".")}.http = ${JSON.stringify(written)}`,
        { value: draft.table.endpoint, endpoint: true },
      );
      return;
    }
    const message = !isHttp
      ? isUnixSocket(text) ? UNIX_SOCKET : 'expected a URL such as "http://127.0.0.1:8080/health"'
      // `fetch` rejects URLs with credentials.
      : url.username !== "" || url.password !== ""
      ? "expected a URL without a user name and password; send them in `headers`, such as " +
        'headers = { Authorization = "Basic ..." }'
      : null;
    if (message === null) return;
    const value = text.includes("@") ? undefined : written;
    context.problems.add([...path, "http"], message, { value });
  }

  function readTcp(written: string): HealthCheck | null {
    const text = fill([...key, "tcp"], written);
    if (text === null) return null;
    const address = splitHostPort(text);
    if (!("fault" in address)) return { kind: "tcp", ...address };
    const message = isUnixSocket(text)
      ? UNIX_SOCKET
      : 'expected a host and a port, such as "127.0.0.1:5432" or "[::1]:5432"';
    context.problems.add([...path, "tcp"], message, { value: written });
    return null;
  }

  function readHeaders(): Record<string, string> {
    const headers: Record<string, string> = {};
    for (const [name, written] of Object.entries(table.headers)) {
      const value = fill([...key, "headers", name], written);
      if (value === null) continue;
      headers[name] = value;
      if (HEADER_VALUE.test(value)) continue;
      context.problems.add(
        [...path, "headers", name],
        "expected one line of Latin-1 characters, as HTTP allows in headers",
      );
    }
    return headers;
  }

  function fillFields(fields: "expect" | "identify"): Record<string, Scalar> {
    return Object.fromEntries(
      Object.entries(table[fields]).map(([name, value]) => [
        name,
        typeof value === "string" ? fill([...key, fields, name], value) ?? "" : value,
      ]),
    );
  }
}

/** A value that every HTTP client accepts: RFC 9110, without control characters. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * Deno allows a program that may reach only listed hosts no socket whose path is not listed too
 * (exact paths since 2.8, denoland/deno#34395), and a path in `hale.toml` is not known when hale is
 * compiled.
 */
const UNIX_SOCKET =
  "hale itself may not connect to Unix sockets; use a program that does, such as " +
  'exec = ["curl", "-fsS", "--unix-socket", "PATH", "http://localhost/"]';

function isUnixSocket(text: string): boolean {
  return text.startsWith("/") && text.includes("sock") || /^(?:https?\+)?unix:/i.test(text);
}
