import type { ArgumentSpec } from "../command.ts";

/** One or more services. */
export const SERVICES = {
  name: "service",
  summary: "names of services in hale.toml",
  repeated: true,
  completes: "service",
} as const satisfies ArgumentSpec;

/** Any number of services; none stands for all. */
export const ALL_SERVICES = {
  ...SERVICES,
  summary: "names of services in hale.toml (all when none is named)",
  optional: true,
} as const satisfies ArgumentSpec;

/** Exactly one service. */
export const ONE_SERVICE = {
  name: "service",
  summary: "the name of a service in hale.toml",
  completes: "service",
} as const satisfies ArgumentSpec;
