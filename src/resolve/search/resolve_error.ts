import { HaleError } from "../../errors.ts";
import type { EngineSpec } from "../../model/service_spec.ts";
import type { ResolveStep, ResolveStepName } from "./resolution.ts";

/**
 * Returns the error for an engine of which no executable was found and none may be downloaded.
 *
 * @param engine The engine.
 * @param steps Where it was searched.
 */
export function unavailable(engine: EngineSpec, steps: readonly ResolveStep[]): HaleError {
  const { name, version } = engine;
  const ways = [
    ...(engine.local_builds.length === 0
      ? []
      : [`Build ${name} (${engine.local_builds.join(" or ")})`]),
    engine.binary_env === null
      ? "Set `binary` to the path of the executable"
      : `Set ${engine.binary_env} or \`binary\` to the path of the executable`,
    "Run `hale fetch` to download it, or set `auto_download = true`",
  ];
  return new HaleError(
    "binary_unavailable",
    [
      `Found no executable of ${name} ${version}, and downloads are disabled ` +
      "(`auto_download = false`).",
      "Searched:",
      ...steps.map(({ step, detail }) => `  ${step}: ${detail}`),
      "Do one of these:",
      ...ways.map((way) => `  - ${way}`),
    ].join("\n"),
    { fields: { engine: name, version } },
  );
}

/**
 * Adds the steps of a search to its error.
 *
 * @param error The error.
 * @param step The step that failed.
 * @param steps The steps before it.
 */
export function withSteps(
  error: unknown,
  step: ResolveStepName,
  steps: readonly ResolveStep[],
): unknown {
  if (!(error instanceof HaleError)) return error;
  // The other lines of a long message repeat the steps.
  const [detail] = error.message.split("\n", 1) as [string];
  const failed: ResolveStep = { step, outcome: "failed", detail };
  return new HaleError(error.code, error.message, {
    fields: { ...error.fields, steps: [...steps, failed] },
    cause: error,
  });
}
