import { HaleError } from "../errors.ts";
import { unreadable } from "../files/io_error.ts";
import { ifThere } from "../files/if_there.ts";

/** Mode bits for write access of the group and of others. */
const OTHERS_WRITE = 0o022;

/**
 * Refuses a home to which other users can write: they could make hale run their programs.
 *
 * @param home Absolute path of the home. A missing home is accepted.
 * @throws {HaleError} `unsafe_home` If users other than this one and root may write to it,
 * `store_io` if its mode cannot be read, `store_corrupt` if a parent of it is a file.
 */
export function assertHomePermissions(home: string): void {
  let info: Deno.FileInfo | null;
  try {
    info = ifThere(() => Deno.statSync(home));
  } catch (error) {
    throw unreadable("open the home", home, error);
  }
  if (info === null) return;
  const danger = dangerOf(info, ownUid());
  if (danger === null) return;
  throw new HaleError(
    "unsafe_home",
    `hale does not use the home ${home}: ${danger.what}. They could make hale run their programs. ` +
      `If you trust its contents, ${danger.remedy}; otherwise name another home with --home DIR.`,
    { fields: { home, mode: modeText(info), uid: info.uid } },
  );
}

/**
 * Checks whether other users may change a file or a folder.
 *
 * @param info Owner and mode of the file or folder.
 * @param uid This user; null if unknown.
 * @returns Who may change it and how to prevent that, as parts of a sentence. Null if only this user and
 * root may, or if the system has no file owners.
 */
export function dangerOf(
  info: Deno.FileInfo,
  uid: number | null,
): { readonly what: string; readonly remedy: string } | null {
  if (info.uid !== null && uid !== null && info.uid !== uid && info.uid !== 0) {
    return {
      what: `it belongs to another user (uid ${info.uid}; you are uid ${uid})`,
      remedy: "take ownership of it with `chown`",
    };
  }
  if (info.mode !== null && (info.mode & OTHERS_WRITE) !== 0) {
    return {
      what: `other users can write to it (mode ${modeText(info)})`,
      remedy: "remove their write access with `chmod go-w`",
    };
  }
  return null;
}

/** Returns the uid of this user. Null on Windows, and if the program may not read it. */
export function ownUid(): number | null {
  // Without the permission, Deno would prompt: a host program may run without it.
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "uid" });
  return state === "granted" ? Deno.uid() : null;
}

/** Formats the mode of a file, such as `0770`. Null if the system has none. */
export function modeText({ mode }: Deno.FileInfo): string | null {
  return mode === null ? null : (mode & 0o7777).toString(8).padStart(4, "0");
}
