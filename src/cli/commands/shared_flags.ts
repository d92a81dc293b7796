import type { FlagSpec } from "../command.ts";

/** The most records to show. */
export const RECORD_LIMIT = {
  kind: "number",
  placeholder: "N",
  summary: "Show at most N records",
  default: "100",
  min: 1,
} as const satisfies FlagSpec;

/** Whether cached files are hashed again. */
export const VERIFY = {
  kind: "boolean",
  summary: "Hash cached files again before use",
} as const satisfies FlagSpec;

/** Whether a change of `hale.lock` is an error. */
export const LOCKED = {
  kind: "boolean",
  summary: "Fail if hale.lock is missing something or would change",
} as const satisfies FlagSpec;
