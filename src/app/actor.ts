import type { Actor } from "../model/audit_record.ts";

/**
 * Returns the user for the audit log.
 *
 * The name comes from the environment and can be forged; the uid comes from the system and cannot.
 *
 * @param how How hale runs: as a command, as the supervisor or as a library.
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

/** Null if the system has no uid, or a host program has no permission to read it. */
function ownUid(): number | null {
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "uid" });
  return state === "granted" ? Deno.uid() : null;
}
