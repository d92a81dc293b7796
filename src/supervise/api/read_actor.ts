import { HaleError } from "../../errors.ts";
import type { Actor } from "../../model/audit_record.ts";

/**
 * Validates the actor of a request before it is recorded in the audit log.
 *
 * @param value The received value; absent in requests of older commands.
 * @returns The actor, or null if there is none.
 * @throws {HaleError} `usage` If it is not a valid actor.
 */
export function readActor(value: unknown): Actor | null {
  if (value === undefined || value === null) return null;
  const { user, uid, how } = value as Readonly<Record<string, unknown>>;
  const isUid = uid === undefined || Number.isSafeInteger(uid);
  if (typeof user === "string" && isUid && (how === "cli" || how === "library")) {
    return { user, ...uid === undefined ? {} : { uid: uid as number }, how };
  }
  throw new HaleError(
    "usage",
    "The actor of the request is invalid: expected `user`, an optional `uid`, and `how` as cli or " +
      "library.",
  );
}
