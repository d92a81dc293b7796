import type { HealthCheck } from "../../model/health_spec.ts";
import { stripAnsi } from "../../text/strip_ansi.ts";
import type { ProbeOptions, ProbeResult } from "../types.ts";

/** How much of a launch's output is searched. Programs report readiness early. */
const MAX_SCANNED_BYTES = 1024 * 1024;

/**
 * Searches the launch's output so far for a matching line.
 *
 * Escape sequences are removed first: with colours, `ready in 129 ms` is written as
 * `ESC[2mready in ESC[0mESC[1m129ESC[22m ms`.
 *
 * @param check The regular expression, matched against single lines.
 * @param options The launch's log files.
 * @returns `healthy` if a line matches.
 */
export async function probeLog(
  check: Extract<HealthCheck, { kind: "log" }>,
  options: ProbeOptions,
): Promise<ProbeResult> {
  const { launch } = options;
  const pattern = new RegExp(check.pattern, "m");
  if (launch !== undefined) {
    const outputs = await Promise.all([
      readFrom(launch.stdoutPath, launch.stdoutOffset),
      readFrom(launch.stderrPath, launch.stderrOffset),
    ]);
    if (outputs.some((text) => pattern.test(text))) return { kind: "healthy", body: {} };
  }
  return {
    kind: "unhealthy",
    reason: `no line of the output matches ${JSON.stringify(check.pattern)} yet`,
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
    return stripAnsi(new TextDecoder().decode(buffer.subarray(0, filled)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
