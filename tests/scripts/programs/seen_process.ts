import type { SeenProcess } from "../../../scripts/programs/observer.ts";

/**
 * Makes a process as the observer would have seen it.
 *
 * @param pid Its pid.
 * @param fields What differs from a launched process that ran from 1,000 to 9,000 and still runs.
 * @returns The process.
 */
export function seenProcess(pid: number, fields: Partial<SeenProcess> = {}): SeenProcess {
  const key = `${pid}@1`;
  return {
    ...{ pid, key, command: `program-${pid}`, parent: 1, group: pid, session: pid },
    ...{ service: "web", launch: key, startedAt: 1_000, lastSeenAt: 9_000, goneAt: null },
    ...{ listening: false, listened: false },
    ...fields,
  };
}
