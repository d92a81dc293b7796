import { HaleError } from "../../errors.ts";
import { join } from "../../platform/path.ts";
import { listFolder } from "../../files/list_folder.ts";
import { quarantineStray } from "../../store/repair/repair_runtime.ts";
import { assertHomePermissions, dangerOf, ownUid } from "../../home/home_permissions.ts";
import type { AppContext } from "../context.ts";
import { type Found, note, ok, QUARANTINE_REMEDY, repaired, wrong } from "./finding.ts";

/** The home itself, and whether the rest of it can be looked at. */
export interface HomeReport {
  readonly found: Found;
  readonly state: "usable" | "absent" | "unusable";
}

/**
 * Looks at the home itself.
 *
 * @param home Absolute path of the home.
 * @returns How it is. Of one that others can write to nothing is believed: the rest is not looked at.
 */
export function checkHome(home: string): HomeReport {
  try {
    assertHomePermissions(home);
    const { isDirectory } = Deno.statSync(home);
    if (isDirectory) return { found: ok(home, "It is yours alone to write to."), state: "usable" };
    const found = wrong(home, "A file stands where the home should be.", "Move it away.");
    return { found, state: "unusable" };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      const found = note(home, "There is no home yet: nothing was ever started.");
      return { found, state: "absent" };
    }
    if (!(error instanceof HaleError)) throw error;
    const remedy = "Nothing in it was looked at.";
    return { found: wrong(home, error.message, remedy), state: "unusable" };
  }
}

/**
 * Looks for files where the folders of a home should be.
 *
 * @param context Where hale works; the home is there.
 * @param options `repair`: whether to set them aside.
 * @returns What is wrong, or was.
 */
export function checkFolders(
  { home, paths }: AppContext,
  { repair }: { repair: boolean },
): Found[] {
  const { auditFolder, cache, runtimes, supervisorFolder } = paths;
  return [auditFolder, cache, runtimes, supervisorFolder].filter(isFile).map((path) => {
    const message = "A file stands where a folder of hale's should be.";
    return repair
      ? repaired(path, `${message} Moved to ${quarantineStray(home, path)}.`)
      : wrong(path, message, QUARANTINE_REMEDY);
  });
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false; // Nothing stands there, or whoever looks into it says what is wrong.
  }
}

/**
 * Files that hold what nobody else may read: environments, the supervisor's token, what a `hale.toml`
 * was read as.
 */
const SECRET = /[\\/]((environment(\.previous|\.v\d+)?|endpoint)\.json|projects[\\/][^\\/]+)$/;

/** Folders that services and downloads fill as they like. */
const NOT_HALES = new Set(["data", "cache"]);

/**
 * Looks at who may change and read the files of a home.
 *
 * @param home Absolute path of the home.
 * @param options `repair`: whether to take from others what they should not have.
 * @returns What is wrong, or that nothing is.
 */
export function checkFiles(home: string, options: { repair: boolean }): Found[] {
  const uid = ownUid();
  const found: Found[] = [];
  let files = 0;
  for (const path of filesBelow(home)) {
    files++;
    const danger = exposureOf(path, uid);
    if (danger === null) continue;
    found.push(
      options.repair && danger.mode !== null ? close(path, danger) : asWrong(path, danger),
    );
  }
  return found.length > 0 ? found : [ok(home, `All ${files} files in it are yours alone.`)];
}

interface Exposure {
  readonly message: string;
  readonly remedy: string;
  /** The mode that it should have; null where a mode mends nothing. */
  readonly mode: number | null;
}

function exposureOf(path: string, uid: number | null): Exposure | null {
  const info = Deno.lstatSync(path);
  if (info.isSymlink || info.mode === null) return null;
  const danger = dangerOf(info, uid);
  if (danger !== null) {
    const isOwners = info.uid === uid || uid === null;
    return {
      message: `${capital(danger.what)}.`,
      remedy: `${capital(danger.remedy)}.`,
      mode: isOwners ? info.mode & 0o755 : null,
    };
  }
  if (!info.isFile || !SECRET.test(path) || (info.mode & 0o077) === 0) return null;
  return {
    message: "Others can read it, and it holds secrets.",
    remedy: "Take that from them with `chmod 600`.",
    mode: 0o600,
  };
}

function close(path: string, { message, mode }: Exposure): Found {
  Deno.chmodSync(path, mode!);
  return repaired(path, `${message} That was taken from them.`);
}

function asWrong(path: string, { message, remedy, mode }: Exposure): Found {
  const way = mode === null ? "" : " `hale doctor --repair` does so.";
  return wrong(path, message, remedy + way);
}

function* filesBelow(folder: string): Generator<string> {
  for (const { name, isDirectory } of listFolder(folder)) {
    const path = join(folder, name);
    yield path;
    if (isDirectory && !NOT_HALES.has(name)) yield* filesBelow(path);
  }
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
