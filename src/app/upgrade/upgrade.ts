/**
 * Putting another release of hale in the place of this one.
 *
 * @module
 */

import { HaleError, messageOf } from "../../errors.ts";
import { lockFile } from "../../platform/file_lock.ts";
import { hostTarget, makeExecutable } from "../../platform/mod.ts";
import { dirname, join } from "../../platform/path.ts";
import {
  replaceExecutable,
  type Replacement,
  restoreExecutable,
} from "../../platform/replace_executable.ts";
import { installRelease } from "../../resolve/install/install.ts";
import type { DownloadProgress } from "../../resolve/download/download_progress.ts";
import { VERSION } from "../../version.ts";
import { auditedDownload } from "../releases/audited_download.ts";
import type { AppContext } from "../context.ts";
import { haleEngine, type HaleReleases, haleReleases, latestHale } from "./hale_release.ts";
import { isNewer } from "../supervisor/is_newer.ts";
import { replaceSupervisor } from "../supervisor/connect_supervisor.ts";
import { removeIfThere } from "../../files/remove_if_there.ts";

/** What is to be upgraded, and to what. */
export interface UpgradeOptions {
  /** The executable that is to be replaced. */
  readonly executable: string;
  /** Null: the newest release. */
  readonly version: string | null;
  /** Only say what there is. */
  readonly check: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: DownloadProgress) => void;
}

/** What an upgrade has done. */
export interface Upgraded {
  /** The version of this program. */
  readonly from: string;
  readonly to: string;
  /** Whether `to` is newer than `from`. */
  readonly newer: boolean;
  /** Whether the executable was replaced. */
  readonly replaced: boolean;
  /** Absolute path of the executable. */
  readonly path: string;
  /** Whether a supervisor was alive and the new executable took over from it. */
  readonly handed_over: boolean;
}

/** Budget of the new executable for its answer to `version`. */
const ANSWER_MS = 15_000;

/**
 * Replaces an executable of hale by another release: downloaded and verified like any engine, asked
 * for its version before and after it is put in place, and taken back if it does not answer. A
 * supervisor that is alive hands over to it; services do not notice.
 *
 * @param context Where hale works.
 * @param options What and to what.
 * @returns What was done.
 * @throws {HaleError} What the download throws; the old executable is in its place then.
 * @throws {HaleError} `spawn_failed` If the new executable does not say that it is that release; the
 * old one is in its place then.
 * @throws {HaleError} `store_io` If the executable's folder cannot be written.
 * @throws {HaleError} `supervisor_unavailable` If the supervisor does not hand over; the new
 * executable is in its place then.
 */
export async function upgrade(context: AppContext, options: UpgradeOptions): Promise<Upgraded> {
  const releases = haleReleases(context.env);
  const to = options.version?.replace(/^v(?=\d)/, "") ?? await latestHale(releases, options.signal);
  const path = await Deno.realPath(options.executable);
  const found = { from: VERSION, to, newer: isNewer(to, VERSION), path };
  const wanted = options.version === null ? found.newer : to !== VERSION;
  if (options.check || !wanted) return { ...found, replaced: false, handed_over: false };
  await replace(path, { releases, to }, context, options);
  return { ...found, replaced: true, handed_over: await replaceSupervisor(context, path) };
}

async function replace(
  path: string,
  { releases, to }: { readonly releases: HaleReleases; readonly to: string },
  context: AppContext,
  options: UpgradeOptions,
): Promise<void> {
  const engine = await haleEngine(releases, to, context);
  const purpose = { name: "hale", onProgress: options.onProgress };
  const installed = await auditedDownload(purpose, context, (hooks) =>
    installRelease(engine, {
      target: hostTarget(),
      cacheDir: context.paths.cache,
      ...hooks,
      signal: options.signal,
    }));
  using _lock = await lockFile(join(context.paths.cache, "upgrade.lock"));
  const replacement: Replacement = {
    path,
    staged: join(dirname(path), `.hale-${crypto.randomUUID()}.exe`),
    kept: `${path}.old`,
  };
  try {
    await stage(installed.path, replacement.staged);
    // Before it takes the other's place: most of what can be wrong shows here.
    await mustAnswer(replacement.staged, to);
    // An earlier upgrade could not remove it while it was running (Windows).
    removeIfThere(replacement.kept);
    await replaceExecutable(replacement);
    await mustAnswer(path, to).catch(async (error) => {
      await restoreExecutable(replacement);
      throw error;
    });
  } catch (error) {
    throw error instanceof HaleError ? error : notWritable(path, error);
  } finally {
    await Deno.remove(replacement.staged).catch(() => {});
  }
  // It is in place now, and the cache is for engines.
  await Deno.remove(dirname(installed.path), { recursive: true }).catch(() => {});
  // Windows does not remove it while it runs: the next upgrade does.
  await Deno.remove(replacement.kept).catch(() => {});
}

async function stage(from: string, to: string): Promise<void> {
  await Deno.copyFile(from, to);
  await makeExecutable(to);
  using file = await Deno.open(to, { write: true });
  await file.sync();
}

/** Proves that an executable is a release of hale and works on this machine. */
async function mustAnswer(path: string, version: string): Promise<void> {
  const answer = await answerOf(path);
  if (answer.version === version) return;
  throw new HaleError(
    "spawn_failed",
    `The new executable of hale ${version} was asked for its version and ${answer.detail}. ` +
      "The old one stays in its place.",
    { fields: { version, detail: answer.detail } },
  );
}

async function answerOf(
  path: string,
): Promise<{ readonly version: string | null; readonly detail: string }> {
  try {
    const { code, stdout, stderr } = await new Deno.Command(path, {
      args: ["version", "--json"],
      stdin: "null",
      signal: AbortSignal.timeout(ANSWER_MS),
    }).output();
    const said = new TextDecoder().decode(code === 0 ? stdout : stderr).trim();
    if (code !== 0) return { version: null, detail: `ended with ${code}: ${said}` };
    const version = String(JSON.parse(said).version);
    return { version, detail: `says that it is ${version}` };
  } catch (error) {
    return { version: null, detail: `could not answer: ${messageOf(error)}` };
  }
}

function notWritable(path: string, cause: unknown): HaleError {
  return new HaleError(
    "store_io",
    `${path} could not be replaced: ${
      messageOf(cause)
    }. The old executable stays. Run the upgrade ` +
      "as a user who may write to that folder, or install hale into one of your own.",
    { fields: { path }, cause },
  );
}
