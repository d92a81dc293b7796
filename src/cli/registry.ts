/**
 * All commands of hale. Parsing, help, suggestions and completions use this list only.
 *
 * A command's `spec.ts` is data; its `run.ts` is loaded when the command runs. Commands do not import
 * this file: those that need the list receive it in {@linkcode Invocation.commands}.
 *
 * @module
 */

import type { Command } from "./command.ts";
import { spec as audit } from "./commands/audit/spec.ts";
import { spec as cacheLs } from "./commands/cache/ls/spec.ts";
import { spec as cachePrune } from "./commands/cache/prune/spec.ts";
import { spec as cacheVerify } from "./commands/cache/verify/spec.ts";
import { spec as complete } from "./commands/complete/spec.ts";
import { spec as completions } from "./commands/completions/spec.ts";
import { spec as configCheck } from "./commands/config/check/spec.ts";
import { spec as doctor } from "./commands/doctor/spec.ts";
import { spec as down } from "./commands/down/spec.ts";
import { spec as events } from "./commands/events/spec.ts";
import { spec as fetch } from "./commands/fetch/spec.ts";
import { spec as help } from "./commands/help/spec.ts";
import { spec as history } from "./commands/history/spec.ts";
import { spec as init } from "./commands/init/spec.ts";
import { spec as logs } from "./commands/logs/spec.ts";
import { spec as resolve } from "./commands/resolve/spec.ts";
import { spec as restart } from "./commands/restart/spec.ts";
import { spec as rm } from "./commands/rm/spec.ts";
import { spec as start } from "./commands/start/spec.ts";
import { spec as status } from "./commands/status/spec.ts";
import { spec as stop } from "./commands/stop/spec.ts";
import { spec as supervise } from "./commands/supervise/spec.ts";
import { spec as up } from "./commands/up/spec.ts";
import { spec as upgrade } from "./commands/upgrade/spec.ts";
import { spec as version } from "./commands/version/spec.ts";

/** All commands, in the order of `hale --help`. */
export const COMMANDS: readonly Command[] = [
  { ...init, load: () => import("./commands/init/run.ts") },
  { ...up, load: () => import("./commands/up/run.ts") },
  { ...down, load: () => import("./commands/down/run.ts") },
  { ...start, load: () => import("./commands/start/run.ts") },
  { ...stop, load: () => import("./commands/stop/run.ts") },
  { ...restart, load: () => import("./commands/restart/run.ts") },
  { ...rm, load: () => import("./commands/rm/run.ts") },
  { ...status, load: () => import("./commands/status/run.ts") },
  { ...logs, load: () => import("./commands/logs/run.ts") },
  { ...events, load: () => import("./commands/events/run.ts") },
  { ...history, load: () => import("./commands/history/run.ts") },
  { ...audit, load: () => import("./commands/audit/run.ts") },
  { ...resolve, load: () => import("./commands/resolve/run.ts") },
  { ...fetch, load: () => import("./commands/fetch/run.ts") },
  { ...cacheLs, load: () => import("./commands/cache/ls/run.ts") },
  { ...cacheVerify, load: () => import("./commands/cache/verify/run.ts") },
  { ...cachePrune, load: () => import("./commands/cache/prune/run.ts") },
  { ...configCheck, load: () => import("./commands/config/check/run.ts") },
  { ...doctor, load: () => import("./commands/doctor/run.ts") },
  { ...help, load: () => import("./commands/help/run.ts") },
  { ...completions, load: () => import("./commands/completions/run.ts") },
  { ...complete, load: () => import("./commands/complete/run.ts") },
  { ...upgrade, load: () => import("./commands/upgrade/run.ts") },
  { ...version, load: () => import("./commands/version/run.ts") },
  { ...supervise, load: () => import("./commands/supervise/run.ts") },
];
