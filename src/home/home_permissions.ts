import { HaleError } from "../errors.ts";
import { unreadable } from "../files/io_error.ts";
import { ifThere } from "../files/if_there.ts";

/** The mode bits that let somebody else than the owner write. */
const OTHERS_WRITE = 0o022;

/**
 * Refuses a home that others can write to: they could have hale run programs of theirs.
 *
 * @param home Absolute path of the home. One that is not there is no danger.
 * @throws {HaleError} `unsafe_home` If somebody else than this user and root may write there,
 * `store_io` if the system does not tell, `store_corrupt` if a file stands there.
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
    `The home ${home} is not used: ${danger.what}, and could have hale run programs of theirs. ` +
      `If you trust what is in it, ${danger.remedy}; else name another one with --home DIR.`,
    { fields: { home, mode: modeText(info), uid: info.uid } },
  );
}

/**
 * Who else may change a file or a folder.
 *
 * @param info What the system says of it.
 * @param uid This user; null where the system does not tell.
 * @returns Null where nobody may but this user and root, and where the system has no owners.
 */
export function dangerOf(
  info: Deno.FileInfo,
  uid: number | null,
): { readonly what: string; readonly remedy: string } | null {
  if (info.uid !== null && uid !== null && info.uid !== uid && info.uid !== 0) {
    return {
      what: `it belongs to another user (uid ${info.uid}, you are ${uid}), who can write to it`,
      remedy: "make it yours with `chown`",
    };
  }
  if (info.mode !== null && (info.mode & OTHERS_WRITE) !== 0) {
    return {
      what: `others can write to it (mode ${modeText(info)})`,
      remedy: "take that from them with `chmod go-w`",
    };
  }
  return null;
}

/** This user, where the system has users and the program may ask. */
export function ownUid(): number | null {
  // Not asked for where it would be prompted: a host program may have been given little.
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "uid" });
  return state === "granted" ? Deno.uid() : null;
}

function modeText({ mode }: Deno.FileInfo): string | null {
  return mode === null ? null : (mode & 0o7777).toString(8).padStart(4, "0");
}
