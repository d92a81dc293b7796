import { irregularity } from "../../files/regular_file.ts";
import { HaleError } from "../../errors.ts";
import { join } from "../../platform/path.ts";
import { listFolder } from "../../files/list_folder.ts";
import { quarantineStray } from "../../store/repair/repair_runtime.ts";
import { assertSafeHome } from "../../home/assert_safe_home.ts";
import { dangerOf, ownUid } from "../../home/home_permissions.ts";
import type { AppContext } from "../context.ts";
import { type Found, ok, QUARANTINE_REMEDY, repaired, wrong } from "./finding.ts";

/** Result of checking the home, and whether its contents can be checked. */
export interface HomeReport {
  readonly found: Found;
  readonly state: "usable" | "absent" | "unusable";
}

/**
 * Checks the folder of the home.
 *
 * @param context The home, and which files are trusted.
 * @returns The result. The contents of a home that others can write to are not checked, because they
 * cannot be trusted.
 */
export function checkHome({ home, paths, trust }: AppContext): HomeReport {
  try {
    assertSafeHome(paths, trust);
    const { isDirectory } = Deno.statSync(home);
    if (isDirectory) return { found: ok(home, "Only you can write to it."), state: "usable" };
    const remedy = "Move it away, or choose another home with --home DIR.";
    return { found: wrong(home, "It is a file, not a folder.", remedy), state: "unusable" };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      const found = ok(home, "It does not exist yet; hale creates it when it needs it.");
      return { found, state: "absent" };
    }
    if (!(error instanceof HaleError)) throw error;
    const remedy = "Its contents were not checked.";
    return { found: wrong(home, error.message, remedy), state: "unusable" };
  }
}

/**
 * Finds files with the names of hale's folders.
 *
 * @param context Home and environment; the home exists.
 * @param options `repair`: whether to quarantine them.
 * @returns The problems found or repaired.
 */
export function checkFolders(
  { home, paths }: AppContext,
  { repair }: { repair: boolean },
): Found[] {
  const { auditFolder, cache, runtimes, supervisorFolder } = paths;
  return [auditFolder, cache, runtimes, supervisorFolder].filter(isFile).map((path) => {
    const message = "It is a file, but must be a folder.";
    return repair
      ? repaired(path, `${message} Moved to ${quarantineStray(home, path)}.`)
      : wrong(path, message, QUARANTINE_REMEDY);
  });
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false; // Missing, or a later check reports the problem.
  }
}

/**
 * Files with secrets that only the owner may read: environments, the supervisor's token, and the
 * cache of configurations of hale 0.1.0.
 */
const SECRET = /[\\/]((environment(\.previous|\.v\d+)?|endpoint)\.json|projects[\\/][^\\/]+)$/;

/** Folders whose permissions services and archives decide. */
const UNCHECKED = new Set(["data", "cache"]);

/**
 * Checks the permissions of the files in a home.
 *
 * @param home Absolute path of the home.
 * @param options `repair`: whether to correct the modes.
 * @returns The problems, or one result that there are none.
 */
export function checkFiles(home: string, options: { repair: boolean }): Found[] {
  const uid = ownUid();
  const found: Found[] = [];
  let files = 0;
  for (const path of filesBelow(home)) {
    files++;
    const what = path === join(home, "policy.toml") ? null : irregularity(path);
    if (what !== null) {
      found.push(wrong(path, `It is ${what}, where a regular file must be.`, STRAY_REMEDY));
    }
    const danger = exposureOf(path, uid);
    if (danger === null) continue;
    found.push(
      options.repair && danger.mode !== null ? restrict(path, danger) : asWrong(path, danger),
    );
  }
  return found.length > 0 ? found : [ok(home, `The permissions of its ${files} files are safe.`)];
}

const STRAY_REMEDY = "Find out which program made it, then remove it or move it out of the home.";

interface Exposure {
  readonly message: string;
  readonly remedy: string;
  /** The mode that it should have; null if a mode does not solve the problem. */
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
    message: "It contains secrets, and other users can read it.",
    remedy: `Run \`chmod 600 ${path}\`.`,
    mode: 0o600,
  };
}

function restrict(path: string, { message, mode }: Exposure): Found {
  Deno.chmodSync(path, mode!);
  return repaired(path, `${message} Its mode is now ${mode!.toString(8)}.`);
}

function asWrong(path: string, { message, remedy, mode }: Exposure): Found {
  const repair = mode === null ? "" : " `hale doctor --repair` does this.";
  return wrong(path, message, remedy + repair);
}

function* filesBelow(folder: string): Generator<string> {
  for (const { name, isDirectory } of listFolder(folder)) {
    const path = join(folder, name);
    yield path;
    if (isDirectory && !UNCHECKED.has(name)) yield* filesBelow(path);
  }
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
