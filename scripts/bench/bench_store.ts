/**
 * Creates large stores for benchmarks.
 *
 * @module
 */

import type { EventData } from "../../src/model/records.ts";
import type { ServiceSnapshot } from "../../src/model/snapshots.ts";
import { SNAPSHOT_SCHEMA_VERSION } from "../../src/model/snapshots.ts";
import { segmentPath } from "../../src/store/jsonl/segments.ts";

/**
 * Writes a log of events in hale's format.
 *
 * @param path The log.
 * @param options Number of events, the event, and the size of a segment.
 * @returns Total size of the segments in bytes.
 */
export async function writeEvents(
  path: string,
  options: { count: number; event: EventData; segmentBytes: number },
): Promise<number> {
  const { count, event, segmentBytes } = options;
  const at = new Date().toISOString();
  const rest = JSON.stringify({ at, ...event }).slice(1) + "\n";
  let [bytes, firstId, size] = [0, 1, 0];
  let lines: string[] = [];
  for (let id = 1; id <= count; id++) {
    const line = `{"id":${id},${rest}`;
    if (size + line.length > segmentBytes) {
      await Deno.writeTextFile(segmentPath(path, firstId), lines.join(""));
      [firstId, size, lines] = [id, 0, []];
    }
    lines.push(line);
    size += line.length;
    bytes += line.length;
  }
  await Deno.writeTextFile(path, lines.join(""));
  return bytes;
}

/**
 * Returns the snapshot of a running service.
 *
 * @param runtimeId Its runtime.
 * @param name Its name.
 * @returns The snapshot.
 */
export function benchService(runtimeId: string, name: string): ServiceSnapshot {
  const at = new Date().toISOString();
  return {
    schema_version: SNAPSHOT_SCHEMA_VERSION,
    runtime_id: runtimeId,
    service_id: name,
    spec: {
      name,
      program: { kind: "command", command: "/usr/bin/sleep" },
      args: ["1000"],
      cwd: "/",
      data_dir: "/data",
      env: { PORT: "8080" },
      env_file: null,
      inherit_env: true,
      depends_on: [],
      ready_after_ms: 1_000,
      rerun: "always",
      endpoint: "http://127.0.0.1:8080",
      version: null,
      health: null,
      restart: {
        policy: "on-failure",
        max: 10,
        window_ms: 600_000,
        delay_ms: 500,
        max_delay_ms: 30_000,
        reset_after_ms: 60_000,
        pause_ms: 0,
        success: [0],
      },
      stop: { signal: "SIGTERM", command: null, timeout_ms: 30_000 },
      limits: { memory_bytes: null, open_files: null, nice: null, umask: null },
      logs: { max_size_bytes: 10_485_760, keep: 5, reopen_signal: null },
    },
    binary: "/usr/bin/sleep",
    binary_version: null,
    reported_version: null,
    config_digest: "0".repeat(64),
    desired: "running",
    state: "running",
    health: "unknown",
    launch: {
      id: "mwqcxnnx-76207a48",
      at,
      identity: { pid: 25418, start_time: "123456", boot_id: crypto.randomUUID() },
      binary: "/usr/bin/sleep",
      version: null,
      wanted_version: null,
      config_digest: "0".repeat(64),
      stdout_offset: 0,
      stderr_offset: 0,
    },
    launched_spec: null,
    last_exit: null,
    completed_digest: null,
    reason: null,
    restarts: 0,
    next_restart_at: null,
    failures_at: [],
  };
}
