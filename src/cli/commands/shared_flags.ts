import type { FlagSpec } from "../command.ts";

/** How many records are shown at most. */
export const RECORD_LIMIT = {
  kind: "number",
  placeholder: "N",
  summary: "at most so many records",
  default: "100",
  min: 1,
} as const satisfies FlagSpec;

/** Whether the cache is hashed again. */
export const VERIFY = {
  kind: "boolean",
  summary: "read what is in the cache, whatever a look at it tells",
} as const satisfies FlagSpec;

/** Whether `hale.lock` must stay as it is. */
export const LOCKED = {
  kind: "boolean",
  summary: "fail where hale.lock would have to be changed",
} as const satisfies FlagSpec;
