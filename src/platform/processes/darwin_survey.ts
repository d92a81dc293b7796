import type { ProcessSurvey } from "../types.ts";
import { MARK_DESCRIPTOR } from "./mark_descriptor.ts";
import { assertProcessTable } from "./assert_process_table.ts";
import { COLUMNS, parsePs } from "./darwin_processes.ts";

/** Between the parts of the output. */
const SEPARATOR = "\u0001hale\u0001";

/**
 * Prints the process table, then the arguments, then these with the environments, then what descriptor 8 of
 * each process is. `ps` separates arguments and environment by a space, as it does two arguments: only the
 * difference of both distinguishes a variable from an argument such as that of `grep HALE_LAUNCH=...`.
 */
const SCRIPT = `
/bin/ps -axo '${COLUMNS}'
printf '\\n${SEPARATOR}\\n'
/bin/ps -axww -o pid=,command=
printf '\\n${SEPARATOR}\\n'
/bin/ps -axEww -o pid=,command=
printf '\\n${SEPARATOR}\\n'
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
  const { stdout } = await new Deno.Command("/bin/sh", {
    args: ["-c", SCRIPT],
    // The tools are no part of a launch, even if this process was started by one.
    env: { LC_ALL: "C", TZ: "UTC" },
    clearEnv: true,
    stdin: "null",
    stderr: "null",
  }).output();
  return parseSurvey(new TextDecoder().decode(stdout));
}

/**
 * Parses the output of the survey.
 *
 * @param text The four parts.
 * @returns The processes and their marks.
 * @throws If it is incomplete.
 */
export function parseSurvey(text: string): ProcessSurvey {
  const [table, args, environments, files] = text.split(`\n${SEPARATOR}\n`);
  if (
    table === undefined || args === undefined || environments === undefined || files === undefined
  ) {
    throw new Error("the system's process table could not be read completely");
  }
  const launchesOf = new Map<number, Set<string>>();
  const add = (pid: string, launch: string) => {
    launchesOf.set(Number(pid), (launchesOf.get(Number(pid)) ?? new Set()).add(launch));
  };
  const argsOf = new Map(commandLines(args));
  for (const [pid, line] of commandLines(environments)) {
    const own = argsOf.get(pid);
    // It may have started another program between the two.
    if (own === undefined || !line.startsWith(own)) continue;
    const launch = /\sHALE_LAUNCH=([0-9a-z-]+)(?:\s|$)/.exec(line.slice(own.length))?.[1];
    if (launch !== undefined) add(pid, launch);
  }
  // Fields of lsof: p, the pid; a, the access (r, w, u); n, the name.
  let pid = "";
  let access = "";
  for (const line of files.split("\n")) {
    if (line.startsWith("p")) pid = line.slice(1);
    else if (line.startsWith("a")) access = line.slice(1);
    else if (line.startsWith("n") && access === "w") {
      const launch = /\/launches\/([0-9a-z-]+)\.pid$/.exec(line)?.[1];
      if (launch !== undefined) add(pid, launch);
    }
  }
  return { table: assertProcessTable(parsePs(table)), launchesOf };
}

/** Lines of `ps -o pid=,command=`. Control characters are escaped there, line breaks among them. */
function commandLines(text: string): [pid: string, line: string][] {
  return [...text.matchAll(/^ *([0-9]+) (.*?) *$/gm)].map(([, pid, line]) => [pid!, line!]);
}
