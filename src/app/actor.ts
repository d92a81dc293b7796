import type { Actor } from "../model/audit_record.ts";

/**
 * Who this program acts for, for the audit log.
 *
 * The name is what the environment says; the number is what the system says, and cannot be made up.
 *
 * @param how In which of its forms hale runs.
 * @param env Environment variables.
 * @returns The actor.
 */
export function currentActor(
  how: Actor["how"],
  env: Readonly<Record<string, string | undefined>>,
): Actor {
  const uid = ownUid();
  const user = env.USER || env.LOGNAME || env.USERNAME || (uid === null ? "unknown" : `uid ${uid}`);
  return { user, ...uid === null ? {} : { uid }, how };
}

/** Null where the system has none, or a host program was not given the right to ask. */
function ownUid(): number | null {
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "uid" });
  return state === "granted" ? Deno.uid() : null;
}
