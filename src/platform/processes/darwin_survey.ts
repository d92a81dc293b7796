import type { ProcessSurvey } from "../types.ts";
import { COLUMNS, parsePs } from "./darwin_processes.ts";
import { END_OF_PART, type Mark, readSurvey, runSurvey } from "./survey.ts";

/** Prints the process table, then the environments, then who has the pid files open. */
const SCRIPT = `
/bin/ps -axo '${COLUMNS}'
${END_OF_PART}
/bin/ps -axEww -o pid=,command=
${END_OF_PART}
[ "$#" = 0 ] || exec /usr/sbin/lsof -nP -Fpan -- "$@"
`;

/**
 * Reads the process table and the marks of launches, with one child process.
 *
 * @param pidFiles The pid files whose holders are looked for.
 * @returns The processes and the launches whose marks they carry. The system hides the environment of its
 * own programs, such as `/bin/sh`.
 */
export async function surveyProcesses(pidFiles: readonly string[]): Promise<ProcessSurvey> {
  return parseSurvey(await runSurvey(SCRIPT, pidFiles));
}

/**
 * Parses the output of the survey.
 *
 * @param text The three parts.
 * @returns The processes and their marks.
 * @throws If it is incomplete.
 */
export function parseSurvey(text: string): ProcessSurvey {
  return readSurvey(text, { table: parsePs, environments: inEnvironments, pidFiles: held });
}

function* inEnvironments(text: string): Iterable<Mark> {
  for (const line of text.split("\n")) {
    const match = /^\s*([0-9]+) .*\sHALE_LAUNCH=([0-9a-z-]+)(?:\s|$)/.exec(line);
    if (match !== null) yield [match[1]!, match[2]!];
  }
}

/** Fields of lsof: p, the pid; a, the access (r, w, u); n, the name. */
function* held(text: string): Iterable<Mark> {
  let pid = "";
  let access = "";
  for (const line of text.split("\n")) {
    if (line.startsWith("p")) pid = line.slice(1);
    else if (line.startsWith("a")) access = line.slice(1);
    else if (line.startsWith("n") && access === "w") {
      const launch = /\/launches\/([0-9a-z-]+)\.pid$/.exec(line)?.[1];
      if (launch !== undefined) yield [pid, launch];
    }
  }
}
