import type { ServiceSpec } from "../../src/model/service_spec.ts";
import type { ServiceStatus } from "../../src/model/service_state.ts";
import { serviceSpec } from "../fixtures/service_spec.ts";

/** A service that runs without a health check, with the given changes. */
export function serviceStatus(overrides: Partial<ServiceStatus> = {}): ServiceStatus {
  return {
    name: "web",
    supervised: true,
    state: "running",
    desired: "running",
    done: false,
    waiting_for: null,
    has_health_check: false,
    health: "unknown",
    health_detail: null,
    pid: 4711,
    uptime_seconds: 0,
    restarts: 0,
    exit_code: null,
    signal: null,
    endpoint: null,
    version: null,
    wanted_version: null,
    binary: "/usr/bin/web",
    config_changed: false,
    next_restart_at: null,
    survivors: [],
    reason: null,
    ...overrides,
  };
}

/** A service with the fields that the selection reads. */
export function namedService(name: string, depends_on: readonly string[] = []): ServiceSpec {
  return serviceSpec(name, { depends_on });
}
