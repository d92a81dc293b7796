import { isTable } from "../schema/schema_values.ts";
import type { ProblemDetails } from "../schema/problems.ts";
import type { ServiceDraft } from "./service_draft.ts";

/** The keys that select the kind of a check. */
export const HEALTH_KINDS = ["http", "tcp", "exec", "log"] as const;

const HTTP_ONLY = ["method", "headers", "status", "expect", "identify"];

/** Reports a problem under a key of the service. */
type Report = (key: readonly string[], message: string, details?: ProblemDetails) => void;

/**
 * Reports keys of `health`, `health.start` and `health.liveness` that exclude each other, and keys
 * that are missing.
 *
 * @param draft The service.
 * @param report Reports a problem.
 */
export function checkHealth({ written, whole }: ServiceDraft, report: Report): void {
  const { health, endpoint } = written;
  if (!isTable(health)) return;
  // Without a kind of its own, the check is a connection to the endpoint.
  checkOne(["health"], health, { optional: endpoint !== undefined, kinds: HEALTH_KINDS });
  if (isTable(health.start)) {
    checkOne(["health", "start"], health.start, { optional: false, kinds: HEALTH_KINDS });
  }
  if (isTable(health.liveness)) {
    const kinds = HEALTH_KINDS.filter((kind) => kind !== "log");
    checkOne(["health", "liveness"], health.liveness, { optional: false, kinds });
    if ("log" in health.liveness) {
      report(
        ["health", "liveness", "log"],
        "a line that was written stays written, so it cannot show that the service still works; " +
          "use `http`, `tcp` or `exec`",
      );
    }
  }

  function checkOne(
    path: readonly string[],
    table: Record<string, unknown>,
    { optional, kinds: allowed }: { optional: boolean; kinds: readonly string[] },
  ): void {
    const kinds = HEALTH_KINDS.filter((kind) => kind in table);
    const all = allowed.map((kind) => `\`${kind}\``).join(", ");
    if (kinds.length > 1) {
      report(path, `expected exactly one of ${all}, got ${kinds.join(" and ")}`);
    } else if (kinds.length === 0 && whole && !optional) {
      report(path, `expected one of ${all}, such as tcp = "127.0.0.1:8080"`);
    }
    if (kinds.includes("http")) {
      checkHead(path, table);
      return;
    }
    if (kinds.length === 0 && !(optional && whole)) return;
    for (const key of HTTP_ONLY) {
      if (key in table) report([...path, key], "applies only to an `http` check; remove it");
    }
  }

  function checkHead(path: readonly string[], table: Record<string, unknown>): void {
    if (table.method !== "HEAD") return;
    for (const key of ["expect", "identify"]) {
      if (!(key in table)) continue;
      report([...path, key], 'an answer to HEAD has no body: remove it, or method = "HEAD"');
    }
  }
}
