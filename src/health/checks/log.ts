import type { HealthCheck } from "../../model/service_spec.ts";
import type { ProbeOptions, ProbeResult } from "../types.ts";

/** How much of a launch's output is looked at; a program says that it is ready early. */
const MAX_SCANNED_BYTES = 1024 * 1024;

/**
 * Looks for a line in what the launch has written so far.
 *
 * @param check The regular expression, matched against single lines.
 * @param options Names the launch's log files.
 * @returns Healthy once a line has matched.
 */
export async function probeLog(
  check: Extract<HealthCheck, { kind: "log" }>,
  options: ProbeOptions,
): Promise<ProbeResult> {
  const { launch } = options;
  const pattern = new RegExp(check.pattern, "m");
  if (launch !== undefined) {
    const written = await Promise.all([
      readFrom(launch.stdoutPath, launch.stdoutOffset),
      readFrom(launch.stderrPath, launch.stderrOffset),
    ]);
    if (written.some((text) => pattern.test(text))) return { kind: "healthy", body: {} };
  }
  return {
    kind: "unhealthy",
    reason: `no line of the output has matched ${JSON.stringify(check.pattern)} yet`,
    runtime: null,
  };
}

async function readFrom(path: string, offset: number): Promise<string> {
  try {
    using file = await Deno.open(path);
    await file.seek(offset, Deno.SeekMode.Start);
    const buffer = new Uint8Array(MAX_SCANNED_BYTES);
    let filled = 0;
    while (filled < buffer.length) {
      const read = await file.read(buffer.subarray(filled));
      if (read === null) break;
      filled += read;
    }
    return new TextDecoder().decode(buffer.subarray(0, filled));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
