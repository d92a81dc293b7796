import type { Upgraded } from "../../../app/upgrade/upgrade.ts";

/**
 * Renders the result of an upgrade.
 *
 * @param result The result.
 * @returns What happened, and what became of the supervisor.
 */
export function renderUpgrade(result: Upgraded): { result: string; note: string | null } {
  const note = result.handed_over
    ? "the supervisor runs the new version; services kept running"
    : null;
  return { result: outcomeOf(result), note };
}

function outcomeOf({ from, to, newer, replaced, path }: Upgraded): string {
  if (replaced) return `upgraded hale ${from} to ${to}: ${path}`;
  return newer
    ? `hale ${to} is available (this is ${from}): run \`hale upgrade\``
    : `hale ${from} is up to date (released: ${to})`;
}
