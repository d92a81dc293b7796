import type { ProcessSurvey } from "../types.ts";
import { assertProcessTable } from "./assert_process_table.ts";
import { COLUMNS, parsePs } from "./darwin_processes.ts";
import { TOOLS_PATH } from "./tools_path.ts";

/** Between the parts of the output. */
const SEPARATOR = "\u0001hale\u0001";

/** Prints the process table, then the environments, then who has the pid files open. */
const SCRIPT = `
/bin/ps -axo '${COLUMNS}'
printf '\\n${SEPARATOR}\\n'
/bin/ps -axEww -o pid=,command=
printf '\\n${SEPARATOR}\\n'
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
  const { stdout } = await new Deno.Command("/bin/sh", {
    args: ["-c", SCRIPT, "sh", ...pidFiles],
    // The tools are no part of a launch, even if this process was started by one.
    env: { PATH: TOOLS_PATH, LC_ALL: "C", TZ: "UTC" },
    clearEnv: true,
    stdin: "null",
    stderr: "null",
  }).output();
  return parseSurvey(new TextDecoder().decode(stdout));
}

/**
 * Parses the output of the survey.
 *
 * @param text The three parts.
 * @returns The processes and their marks.
 * @throws If it is incomplete.
 */
export function parseSurvey(text: string): ProcessSurvey {
  const [table, environments, files] = text.split(`\n${SEPARATOR}\n`);
  if (table === undefined || environments === undefined || files === undefined) {
    throw new Error("the system's process table could not be read completely");
  }
  const launchesOf = new Map<number, Set<string>>();
  const add = (pid: string, launch: string) => {
    launchesOf.set(Number(pid), (launchesOf.get(Number(pid)) ?? new Set()).add(launch));
  };
  for (const line of environments.split("\n")) {
    const match = /^\s*([0-9]+) .*\sHALE_LAUNCH=([0-9a-z-]+)(?:\s|$)/.exec(line);
    if (match !== null) add(match[1]!, match[2]!);
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
