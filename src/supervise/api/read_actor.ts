import { HaleError } from "../../errors.ts";
import type { Actor } from "../../model/audit_record.ts";

/**
 * For whom a request is, as the audit log is to be told: what is no actor must not get there.
 *
 * @param value What came over the wire; absent in requests of older commands.
 * @returns The actor, or null where the request names none.
 * @throws {HaleError} `usage` If it is no actor.
 */
export function readActor(value: unknown): Actor | null {
  if (value === undefined || value === null) return null;
  const { user, uid, how } = value as Readonly<Record<string, unknown>>;
  const isUid = uid === undefined || Number.isSafeInteger(uid);
  if (typeof user === "string" && isUid && (how === "cli" || how === "library")) {
    return { user, ...uid === undefined ? {} : { uid: uid as number }, how };
  }
  throw new HaleError("usage", "The actor of the request has no user, or is of no known kind.");
}
