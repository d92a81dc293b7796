import { ifThere } from "../files/if_there.ts";
import { mayRead } from "./may_read.ts";

/** Group of root: its members are the system's own, as for `logrotate` and `sudo`. */
const ROOT_GROUP = 0;

/**
 * Returns whether a group has no member but one user. Many systems give each user such a group and the
 * umask 002, so that every file of a user is writable by "the group".
 *
 * The rule is that of OpenSSH in Debian (`secure_permissions()`). Groups of a directory service are
 * not in `/etc`, so they are not private.
 *
 * @param gid The group.
 * @param uid The user.
 * @returns Whether only this user, or root, can use the rights of the group.
 */
export function isPrivateGroup(gid: number | null, uid: number | null): boolean {
  if (gid === ROOT_GROUP) return true;
  const users = rowsOf("/etc/passwd");
  const primary = users.filter(([, , , group]) => group === String(gid));
  const named = rowsOf("/etc/group").filter(([, , id]) => id === String(gid))
    .flatMap(([, , , names = ""]) => names.split(",").filter((name) => name !== ""));
  const ids = [
    ...primary.map(([, , id]) => id),
    ...named.map((name) => users.find(([user]) => user === name)?.[2]),
  ];
  return ids.length > 0 && ids.every((id) => id === String(uid));
}

function rowsOf(path: string): readonly (readonly string[])[] {
  if (!mayRead(path)) return [];
  try {
    const text = ifThere(() => Deno.readTextFileSync(path)) ?? "";
    return text.split("\n").map((line) => line.trim().split(":"));
  } catch {
    return []; // Then the group is not proven to be private.
  }
}
