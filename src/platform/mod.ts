/**
 * Everything that differs between operating systems. `unix.ts` and `windows.ts` export the same
 * names. Code outside this folder does not depend on the operating system.
 *
 * @module
 */

import type * as unix from "./unix.ts";

// Load only the file of this system: the imports of the other would slow down the start of hale.
const platform: typeof unix = Deno.build.os === "windows"
  ? await import("./windows.ts")
  : await import("./unix.ts");

export const {
  DEFAULT_PATH,
  anyHasInEnvironment,
  bootId,
  defaultHome,
  executableNames,
  groupExists,
  inspectProcesses,
  isExecutableFile,
  killGroup,
  launchMembers,
  listProcesses,
  makeExecutable,
  maySignal,
  nameStopRequest,
  openDetached,
  ownersOfPort,
  readPidFile,
  reusesPidsLast,
  signalGroup,
  sendSignal,
  startedBefore,
  supportsLimits,
  supportsMemoryLimit,
  supportsSignals,
  surveyProcesses,
  undecodableVariables,
  syncFolder,
  syncFolderSync,
  writersOf,
} = platform;

export { hostTarget } from "./host_target.ts";
export type {
  Detached,
  DetachedPlan,
  GroupSignal,
  LauncherFailure,
  LaunchMembers,
  PidFile,
  ProcessInfo,
  ProcessSurvey,
} from "./types.ts";
