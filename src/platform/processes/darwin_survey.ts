import { MARK_DESCRIPTOR } from "./mark_descriptor.ts";
import type { ProcessSurvey } from "../types.ts";
import { COLUMNS, parsePs } from "./darwin_processes.ts";
import { END_OF_PART, type Mark, readSurvey, runSurvey } from "./survey.ts";

/** Between arguments and environments. */
const ENVIRONMENTS = "\u0001environments\u0001";

/**
 * Prints the process table, then the arguments and these with the environments, then what descriptor 8 of
 * each process is. `ps` separates arguments and environment by a space, as it does two arguments: only the
 * difference of both distinguishes a variable from an argument such as that of `grep HALE_LAUNCH=...`.
 */
const SCRIPT = `
/bin/ps -axo '${COLUMNS}'
${END_OF_PART}
/bin/ps -axww -o pid=,command=
printf '\\n${ENVIRONMENTS}\\n'
/bin/ps -axEww -o pid=,command=
${END_OF_PART}
exec /usr/sbin/lsof -nP -d ${MARK_DESCRIPTOR} -Fpan
`;

/**
 * Reads the process table and the marks of launches, with one child process.
 *
 * @param _pidFiles Not needed: all pid files that are open are found.
 * @returns The processes and the launches whose marks they carry. The system hides the environment of its
 * own programs, such as `/bin/sh`.
 */
export async function surveyProcesses(_pidFiles: readonly string[]): Promise<ProcessSurvey> {
  return parseSurvey(await runSurvey(SCRIPT));
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
  const [args = "", environments = ""] = text.split(`\n${ENVIRONMENTS}\n`);
  const argsOf = new Map(commandLines(args));
  for (const [pid, line] of commandLines(environments)) {
    const own = argsOf.get(pid);
    // It may have started another program between the two.
    if (own === undefined || !line.startsWith(own)) continue;
    const launch = /\sHALE_LAUNCH=([0-9a-z-]+)(?:\s|$)/.exec(line.slice(own.length))?.[1];
    if (launch !== undefined) yield [pid, launch];
  }
}

/** Lines of `ps -o pid=,command=`. Control characters are escaped there, line breaks among them. */
function commandLines(text: string): [pid: string, line: string][] {
  return [...text.matchAll(/^ *([0-9]{1,10}) (.*?) *$/gm)].map(([, pid, line]) => [pid!, line!]);
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
