/**
 * Everything that differs between operating systems. `unix.ts` and `windows.ts` export the same
 * names; nothing outside this folder asks which system it runs on.
 *
 * @module
 */

import type * as unix from "./unix.ts";

// Only the system's own file is loaded: the other's imports would cost every command its start.
const platform: typeof unix = Deno.build.os === "windows"
  ? await import("./windows.ts")
  : await import("./unix.ts");

export const {
  bootId,
  defaultHome,
  executableNames,
  hasInEnvironment,
  inspectProcesses,
  isExecutableFile,
  killGroup,
  launchMembers,
  listProcesses,
  makeExecutable,
  openDetached,
  ownersOfPort,
  readPidFile,
  signalGroup,
  startedBefore,
  supportsLimits,
  supportsSignals,
  syncFolder,
  syncFolderSync,
} = platform;

export { hostTarget } from "./host_target.ts";
export type { Detached, DetachedPlan, LaunchMembers, PidFile, ProcessInfo } from "./types.ts";
