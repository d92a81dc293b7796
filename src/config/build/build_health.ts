import type { HealthCheck, HealthSpec } from "../../model/service_spec.ts";
import { splitHostPort } from "./endpoint.ts";
import type { Fill } from "./fill.ts";
import type { Scalar } from "../schema/schema_values.ts";
import type { LoadContext, ServiceDraft } from "./service_draft.ts";

const OWN_ENDPOINT = "${endpoint}";

/**
 * Builds the health check of a service.
 *
 * @param draft The service.
 * @param fill Fills in placeholders.
 * @param context Where to report problems.
 * @returns The check, or null if the service has none.
 */
export function buildHealth(
  draft: ServiceDraft,
  fill: Fill,
  context: LoadContext,
): HealthSpec | null {
  const { health } = draft.table;
  const check = health === undefined ? null : readCheck(health);
  if (health === undefined || check === null) return null;
  return {
    check,
    within_ms: health.within,
    interval_ms: health.interval,
    timeout_ms: health.timeout,
    failures: health.failures,
    successes: health.successes,
    on_unhealthy: health.on_unhealthy,
  };

  function readCheck(
    { http, tcp, exec, log, ...fields }: typeof health & object,
  ): HealthCheck | null {
    if (http !== undefined) {
      const url = fill(["health", "http"], http);
      if (url !== null) checkHttp(url, http);
      return {
        kind: "http",
        url: url ?? "",
        expect: fillFields("expect", fields.expect),
        identify: fillFields("identify", fields.identify),
      };
    }
    if (tcp !== undefined) return readTcp(tcp);
    if (exec !== undefined) {
      const command = exec.map((part, index) => fill(["health", "exec", index], part) ?? "");
      return { kind: "exec", command };
    }
    return log === undefined ? null : { kind: "log", pattern: log };
  }

  function checkHttp(text: string, written: string): void {
    const url = URL.parse(text);
    const isHttp = url !== null && ["http:", "https:"].includes(url.protocol);
    if (!isHttp && written.startsWith(OWN_ENDPOINT)) {
      // The check may come from a preset, but the user can correct the endpoint.
      context.problems.add(
        [...draft.path, "endpoint"],
        "expected an endpoint that begins with http:// or https://, because the health check is " +
          `health.http = ${JSON.stringify(written)}`,
        { value: draft.table.endpoint, endpoint: true },
      );
      return;
    }
    const message = !isHttp
      ? 'expected a URL such as "http://127.0.0.1:8080/health"'
      // `fetch` rejects URLs with credentials.
      : url.username !== "" || url.password !== ""
      ? "expected a URL without a user name and password"
      : null;
    if (message === null) return;
    const value = text.includes("@") ? undefined : written;
    context.problems.add([...draft.path, "health", "http"], message, { value });
  }

  function readTcp(written: string): HealthCheck | null {
    const text = fill(["health", "tcp"], written);
    if (text === null) return null;
    const address = splitHostPort(text);
    if (!("fault" in address)) return { kind: "tcp", ...address };
    context.problems.add(
      [...draft.path, "health", "tcp"],
      'expected a host and a port, such as "127.0.0.1:5432" or "[::1]:5432"',
      { value: written },
    );
    return null;
  }

  function fillFields(
    key: "expect" | "identify",
    fields: Readonly<Record<string, Scalar>>,
  ): Record<string, Scalar> {
    return Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        typeof value === "string" ? fill(["health", key, name], value) ?? "" : value,
      ]),
    );
  }
}
