import * as v from "valibot";
import type { HealthCheck, HealthSpec } from "../../model/health_spec.ts";
import { buildCheck } from "./build_check.ts";
import type { ResolvedEndpoint } from "./build_scope.ts";
import { HEALTH_KINDS } from "./check_health.ts";
import { kindOfService, NOTHING_TO_DO } from "./check_service.ts";
import type { Fill } from "./fill.ts";
import { impliedCheck } from "./implied_check.ts";
import type { Place } from "./interpolate.ts";
import { HealthTable, NO_HEALTH } from "../schema/schema.ts";
import type { LoadContext, ServiceDraft } from "./service_draft.ts";

/** The address of a service. */
export interface HealthAddress {
  readonly endpoint: ResolvedEndpoint;
  /** Where the program listens. */
  readonly bind: Place;
}

/**
 * Builds the health checks of a service.
 *
 * Without a configured check, a service with an `endpoint` is checked by a TCP connection to it.
 * Jobs are not: they are done when they exit.
 *
 * @param draft The service.
 * @param options Its address, and a function that fills in placeholders.
 * @param context Where to report problems.
 * @returns The checks, or null if the service has none.
 */
export function buildHealth(
  draft: ServiceDraft,
  { address, fill }: { address: HealthAddress; fill: Fill },
  context: LoadContext,
): HealthSpec | null {
  const { health, restart } = draft.table;
  if (health === NO_HEALTH) return null;
  const isJob = restart.policy === "never";
  if (health === undefined) {
    const check = isJob ? null : checkOf(address);
    if (check !== null) return specOf(v.parse(HealthTable, {}), check, true);
    const { endpoint } = address;
    if (kindOfService(draft) === "unmanaged" && endpoint !== null && endpoint !== "refused") {
      context.problems.add(draft.path, NOTHING_TO_DO);
    }
    return null;
  }
  const isImplied = HEALTH_KINDS.every((kind) => health[kind] === undefined);
  const check = isImplied
    ? checkOf(address)
    : buildCheck(health, { draft, key: ["health"], fill }, context);
  if (check !== null) return specOf(health, check, isImplied);
  if (isImplied && draft.whole && address.endpoint !== null && address.endpoint !== "refused") {
    context.problems.add(
      [...draft.path, "health"],
      "expected one of `http`, `tcp`, `exec`, `log`: hale itself connects only to loopback " +
        `addresses, not to ${address.endpoint.host}`,
    );
  }
  return null;

  function specOf(table: HealthTable, main: HealthCheck, implied: boolean): HealthSpec {
    return {
      check: main,
      implied,
      within_ms: table.within,
      interval_ms: table.interval,
      timeout_ms: table.timeout,
      failures: table.failures,
      successes: table.successes,
      on_unhealthy: table.on_unhealthy,
      start: startOf(table),
      liveness: livenessOf(table),
    };
  }

  function startOf({ start, within }: HealthTable): HealthSpec["start"] {
    if (start === undefined) return null;
    const first = buildCheck(start, { draft, key: ["health", "start"], fill }, context);
    if (first === null) return null;
    return { check: first, within_ms: start.within ?? within, timeout_ms: start.timeout };
  }

  function livenessOf({ liveness }: HealthTable): HealthSpec["liveness"] {
    if (liveness === undefined) return null;
    const alive = buildCheck(liveness, { draft, key: ["health", "liveness"], fill }, context);
    if (alive === null) return null;
    const { interval, timeout, failures } = liveness;
    // One failure after another restarts the service, so there is nothing to recover from.
    return { check: alive, interval_ms: interval, timeout_ms: timeout, failures, successes: 1 };
  }
}

function checkOf({ endpoint, bind }: HealthAddress): HealthCheck | null {
  if (endpoint === null || endpoint === "refused" || bind.kind === "refused") return null;
  return impliedCheck(endpoint, bind);
}
