import { assertEquals } from "@std/assert";
import { HealthTable, ServiceTable } from "../../../src/config/schema/schema.ts";
import type {
  CheckTables,
  HealthTables,
  ReleaseTables,
  ServiceTables,
} from "../../../src/config/schema/tables.ts";

/** All keys of the types: the compiler checks these lists against the types. */
const SERVICE: Record<keyof ServiceTables, true> = {
  preset: true,
  version: true,
  version_env: true,
  endpoint: true,
  bind_host: true,
  bind_port: true,
  binary: true,
  binary_env: true,
  local_builds: true,
  auto_download: true,
  on_mismatch: true,
  command: true,
  args: true,
  cwd: true,
  env: true,
  env_file: true,
  inherit_env: true,
  depends_on: true,
  ready_after: true,
  rerun: true,
  data_dir: true,
  health: true,
  restart: true,
  stop: true,
  limits: true,
  logs: true,
  release: true,
};
const CHECK: Record<keyof CheckTables, true> = {
  http: true,
  tcp: true,
  exec: true,
  log: true,
  method: true,
  headers: true,
  status: true,
  expect: true,
  identify: true,
};
const HEALTH: Record<keyof HealthTables, true> = {
  ...CHECK,
  within: true,
  interval: true,
  timeout: true,
  failures: true,
  successes: true,
  on_unhealthy: true,
  start: true,
  liveness: true,
};
const START: Record<keyof NonNullable<HealthTables["start"]>, true> = {
  ...CHECK,
  within: true,
  timeout: true,
};
const LIVENESS: Record<Exclude<keyof NonNullable<HealthTables["liveness"]>, "log">, true> = {
  ...CHECK,
  interval: true,
  timeout: true,
  failures: true,
};
const RELEASE: Record<keyof ReleaseTables, true> = {
  endpoint: true,
  endpoint_env: true,
  github: true,
  tag: true,
  version: true,
  url: true,
  checksums: true,
  sha256: true,
  minisign: true,
  asset: true,
  bin: true,
  os: true,
  arch: true,
  targets: true,
};

Deno.test("ServiceTables, HealthTables and ReleaseTables have the keys of the schema", () => {
  const service = entriesOf(ServiceTable);
  assertEquals(Object.keys(service).sort(), Object.keys(SERVICE).sort());
  assertEquals(Object.keys(entriesOf(HealthTable)).sort(), Object.keys(HEALTH).sort());
  const { start, liveness } = entriesOf(HealthTable);
  assertEquals(Object.keys(entriesOf(start)).sort(), Object.keys(START).sort());
  assertEquals(Object.keys(entriesOf(liveness)).sort(), Object.keys(LIVENESS).sort());
  assertEquals(Object.keys(entriesOf(service.release)).sort(), Object.keys(RELEASE).sort());
});

/** Finds the object schema inside the pipes and options of a schema. */
function entriesOf(schema: unknown): Record<string, unknown> {
  if (typeof schema !== "object" || schema === null) return {};
  if (Object.hasOwn(schema, "entries")) {
    return (schema as { entries: Record<string, unknown> }).entries;
  }
  return Object.values(schema).map(entriesOf).find((entries) => Object.keys(entries).length > 0) ??
    {};
}
