/**
 * The process table of Windows, read by one PowerShell that is kept.
 *
 * @module
 */

import { execFile } from "node:child_process";
import { assertBootId, assertProcessTable } from "./assert_process_table.ts";
import { END_MARK, LineServer } from "./line_server.ts";
import type { ProcessInfo, ProcessSurvey } from "../types.ts";

/** How long a read of the process table may take, in milliseconds. The service of WMI may have to start. */
const TIMEOUT_MS = 30_000;

/** After this many failures in a row, each request starts a PowerShell of its own. */
const MAX_FAILURES = 2;

/**
 * A function that answers requests: `all`; `where` and a filter of WQL; `port` and a number. The encoding
 * matters only for the names of programs.
 */
const ANSWER = `
$ErrorActionPreference = 'SilentlyContinue'
try { [Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false } catch {}
function Show($found) {
  foreach ($p in $found) {
    $started = if ($p.CreationDate) { $p.CreationDate.ToUniversalTime().Ticks } else { '' }
    [Console]::Out.WriteLine(('{0},{1},{2},{3}' -f $p.ProcessId, $p.ParentProcessId, $started, $p.Name))
  }
}
function Answer($line) {
  $verb, $rest = $line -split ' ', 2
  if ($verb -eq 'all') { Show (Get-CimInstance Win32_Process) }
  if ($verb -eq 'where') { Show (Get-CimInstance Win32_Process -Filter $rest) }
  if ($verb -eq 'port') {
    foreach ($c in (Get-NetTCPConnection -State Listen -LocalPort $rest)) {
      [Console]::Out.WriteLine($c.OwningProcess)
    }
  }
}
`;

/**
 * Answers one line of standard input after the other. PowerShell reads standard input itself only for a
 * command that uses `$input` (PowerShell, ConsoleHost.cs).
 */
const SERVE = `${ANSWER}
while ($null -ne ($line = [Console]::In.ReadLine())) {
  Answer $line
  [Console]::Out.WriteLine('${END_MARK}')
  [Console]::Out.Flush()
}
`;

const FLAGS = ["-NoLogo", "-NoProfile", "-NonInteractive", "-Command"];

let server: LineServer | null = null;
let failures = 0;

async function ask(request: string): Promise<string> {
  const program = systemProgram("WindowsPowerShell\\v1.0\\powershell.exe");
  if (failures < MAX_FAILURES) {
    server ??= new LineServer({ program, args: [...FLAGS, SERVE], timeoutMs: TIMEOUT_MS });
    try {
      const lines = await server.request(request);
      failures = 0;
      return lines.join("\n");
    } catch {
      failures++;
    }
  }
  // No request contains a quote.
  return await outputOf(program, [...FLAGS, `${ANSWER}\nAnswer '${request}'`]);
}

function outputOf(program: string, args: readonly string[]): Promise<string> {
  const options = { windowsHide: true, timeout: TIMEOUT_MS, maxBuffer: 64 * 1024 ** 2 };
  return new Promise((resolve, reject) => {
    const child = execFile(program, [...args], options, (error, stdout) => {
      if (error === null) resolve(stdout);
      else reject(error);
    });
    child.stdin?.end();
  });
}

/** Ends the PowerShell that is kept. Tests that look for resources that were not closed need it. */
export async function closeProcessReader(): Promise<void> {
  await server?.close();
}

/**
 * Returns the path of a program of the system, which does not depend on PATH.
 *
 * @param name Its path below `System32`.
 */
export function systemProgram(name: string): string {
  return `${Deno.env.get("SystemRoot") ?? "C:\\Windows"}\\System32\\${name}`;
}

let knownBootId: string | undefined;

/**
 * Returns the boot id: the creation time of the first process, `System`. Read once.
 *
 * Not `Win32_OperatingSystem.LastBootUpTime`: it changes when the clock is set, and every running
 * process would then seem to be from another boot. The creation time of a process does not change.
 */
export async function bootId(): Promise<string> {
  if (knownBootId === undefined) {
    const [system] = parseProcessCsv(await ask("where ProcessId = 4"));
    knownBootId = assertBootId(system?.startTime ?? "");
  }
  return knownBootId;
}

/**
 * Reads the process table entries of some pids.
 *
 * @param pids The pids.
 * @returns The entries of those that exist.
 */
export async function inspectProcesses(
  pids: readonly number[],
): Promise<ReadonlyMap<number, ProcessInfo>> {
  if (pids.length === 0) return new Map();
  const table = assertProcessTable(parseProcessCsv(await ask(processQuery([...pids, Deno.pid]))));
  const requested = new Set(pids);
  return new Map(
    table.filter((info) => requested.has(info.pid)).map((info) => [info.pid, info]),
  );
}

/** WMI refuses long filters; for more pids than this the whole table is read. */
const MAX_FILTERED = 50;

/**
 * Returns the request for the entries of some pids.
 *
 * @param pids The pids.
 */
export function processQuery(pids: readonly number[]): string {
  const unique = [...new Set(pids)];
  if (unique.length > MAX_FILTERED) return "all";
  return `where ${unique.map((pid) => `ProcessId = ${pid}`).join(" OR ")}`;
}

/** Returns all processes that are visible to this user. */
export async function listProcesses(): Promise<readonly ProcessInfo[]> {
  return assertProcessTable(parseProcessCsv(await ask("all")));
}

/**
 * Reads the process table. Windows shows no environment of another process and no owner of a file: there
 * are no marks.
 */
export async function surveyProcesses(_pidFiles: readonly string[]): Promise<ProcessSurvey> {
  return { table: await listProcesses(), launchesOf: new Map() };
}

/**
 * Parses the process table that {@linkcode listProcesses} requests.
 *
 * @param text One process per line: pid, parent, start in ticks, name.
 * @returns The processes.
 */
export function parseProcessCsv(text: string): ProcessInfo[] {
  const processes: ProcessInfo[] = [];
  for (const line of text.split(/\r?\n/)) {
    const match = /^(\d{1,10}),(\d{1,10}),(\d*),(.*)$/.exec(line);
    if (match === null) continue;
    const [, pid, parent, startTime, command] = match as unknown as string[];
    processes.push({
      pid: Number(pid),
      parent: Number(parent),
      group: Number(pid),
      session: Number(pid),
      zombie: false,
      suspended: false,
      startTime: startTime!,
      command: command!,
    });
  }
  return processes;
}

/** Returns none: Windows has its variables in UTF-16. */
export function undecodableVariables(): Promise<readonly string[]> {
  return Promise.resolve([]);
}

/** Returns false: Windows does not show the environment of another process. */
export function anyHasInEnvironment(_entry: string): Promise<boolean> {
  return Promise.resolve(false);
}

/**
 * Returns the processes that listen on a TCP port, on any local address.
 *
 * @param port The port.
 * @returns The processes that are visible to this user.
 */
export async function ownersOfPort(port: number): Promise<readonly ProcessInfo[]> {
  return [...(await inspectProcesses(parsePids(await ask(`port ${port}`)))).values()];
}

/** Returns none: Windows shows no owner of an open file. */
export function writersOf(_path: string): Promise<readonly ProcessInfo[]> {
  return Promise.resolve([]);
}

/**
 * Parses a list of pids.
 *
 * @param text One pid per line, possibly with duplicates.
 * @returns The pids, without duplicates.
 */
export function parsePids(text: string): readonly number[] {
  return [
    ...new Set([...text.matchAll(/^[ \t]*(\d{1,10})[ \t]*$/gm)].map(([, pid]) => Number(pid))),
  ];
}

/**
 * Returns whether a process started before another one.
 *
 * @param one Start time of the process, in ticks.
 * @param other Start time of the other process, in ticks.
 */
export function startedBefore(one: string, other: string): boolean {
  return BigInt(one || "0") < BigInt(other || "0");
}
