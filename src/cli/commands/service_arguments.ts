import type { ArgumentSpec } from "../command.ts";

/** One or more services. */
export const SERVICES = {
  name: "service",
  summary: "Names of services",
  repeated: true,
  completes: "service",
} as const satisfies ArgumentSpec;

/** Any number of services; none means all. */
export const ALL_SERVICES = {
  ...SERVICES,
  summary: "Names of services (default: all)",
  optional: true,
} as const satisfies ArgumentSpec;

/** Exactly one service. */
export const ONE_SERVICE = {
  name: "service",
  summary: "Name of a service",
  completes: "service",
} as const satisfies ArgumentSpec;
