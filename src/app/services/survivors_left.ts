import { HaleError } from "../../errors.ts";
import type { StopReport } from "../../supervise/launch/stop_report.ts";
import { nameSurvivors, survivorAdvice } from "../../supervise/exit/name_processes.ts";

/**
 * Returns the error for a stop that left processes.
 *
 * @param reports How the services ended, by name.
 * @returns `survivors_left`; null if nothing is left.
 */
export function survivorsLeft(
  reports: Readonly<Record<string, Pick<StopReport, "survivors">>>,
): HaleError | null {
  const left = Object.entries(reports).filter(([, { survivors }]) => survivors.length > 0);
  if (left.length === 0) return null;
  const named = left.map(([name, { survivors }]) => `${name}: ${nameSurvivors(survivors)}`);
  const all = left.flatMap(([service, { survivors }]) =>
    survivors.map((survivor) => ({ service, ...survivor }))
  );
  return new HaleError(
    "survivors_left",
    `Still running, because hale could not end them: ${named.join("; ")}. ` +
      `${survivorAdvice(all)} hale keeps trying.`,
    { fields: { survivors: all } },
  );
}
