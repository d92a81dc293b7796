import { dirname, join } from "@std/path";
import type { ResolveStep, RunningEngine } from "../../../src/resolve/search/resolution.ts";
import type { ResolveOptions } from "../../../src/resolve/search/resolve.ts";
import { LINUX } from "../release_fixture.ts";

export const NOT_LISTENING: RunningEngine = {
  kind: "none",
  detail: "nothing listens on port 6420",
};

export function optionsIn(folder: string, overrides: Partial<ResolveOptions> = {}): ResolveOptions {
  return {
    env: {},
    target: LINUX,
    cacheDir: join(folder, "cache"),
    probeRunning: () => Promise.resolve(NOT_LISTENING),
    ...overrides,
  };
}

export async function executable(...segments: string[]): Promise<string> {
  const path = join(...segments);
  await Deno.mkdir(dirname(path), { recursive: true });
  await Deno.writeTextFile(path, "#!/bin/sh\n", { mode: 0o755 });
  return path;
}

export function outcomes(steps: unknown): string[] {
  return (steps as ResolveStep[]).map(({ step, outcome }) => `${step} ${outcome}`);
}

/** The steps, in their order. */
export const ORDER = [
  "explicit",
  "environment",
  "running",
  "local_build",
  "cache",
  "download",
] as const;
