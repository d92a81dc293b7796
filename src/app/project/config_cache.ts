/**
 * What a `hale.toml` was read as, kept in the home: reading and checking it is half of the time of a
 * command that only looks.
 *
 * @module
 */

import { knowSpecDigest, specDigest } from "../../config/config_digest.ts";
import type { RuntimeSpec } from "../../model/service_spec.ts";
import { hostTarget } from "../../platform/mod.ts";
import { join } from "../../platform/path.ts";
import { VERSION } from "../../version.ts";
import type { AppContext } from "../context.ts";
import { WatchedEnvironment } from "./watched_environment.ts";

/** As many files as are kept: one for each `hale.toml` that was used last. */
const MAX_KEPT = 32;

/**
 * Some file systems tell times by two seconds. What was changed as recently may be changed again
 * without a sign.
 */
const SETTLED_MS = 2_000;

/** What tells whether reading the file again would give the same. */
interface Stamp {
  /** Of hale, and where it runs from source, of that. */
  readonly hale: string;
  readonly target: string;
  /** What is below it is in the configuration as absolute paths. */
  readonly home: string;
  readonly path: string;
  readonly device: number;
  readonly inode: number | null;
  readonly size: number;
  readonly changedAt: number;
}

interface KeptProject {
  readonly stamp: Stamp;
  /** The variables that it was read with, and their values; null: not set. */
  readonly env: Readonly<Record<string, string | null>>;
  readonly spec: RuntimeSpec;
  /** Of each service, in their order: two hundred take 10 ms to compute. */
  readonly digests: readonly string[];
}

/**
 * Reads a `hale.toml`, or takes what was kept of it where nothing that it depends on has changed: the
 * file, the variables it names, the home, and hale itself.
 *
 * @param path The file.
 * @param context Where hale works.
 * @param load Reads it, with the environment it is given.
 * @returns Everything it says.
 * @throws {HaleError} Whatever `load` throws; mistakes are not kept.
 */
export async function keptProject(
  path: string,
  context: Pick<AppContext, "home" | "paths" | "env">,
  load: (env: Readonly<Record<string, string>>) => Promise<RuntimeSpec>,
): Promise<RuntimeSpec> {
  const stamp = stampOf(path, context.home);
  if (stamp === null) return await load(context.env);
  const file = join(context.paths.projects, `${nameOf(stamp.path)}.json`);
  const kept = readKept(file);
  if (kept !== null && isSame(kept.stamp, stamp) && hasValues(kept.env, context.env)) {
    kept.spec.services.forEach((service, at) => knowSpecDigest(service, kept.digests[at]!));
    return kept.spec;
  }
  const env = new WatchedEnvironment(context.env);
  const spec = await load(env.variables);
  const isSettled = Date.now() - stamp.changedAt > SETTLED_MS;
  if (isSettled && env.read !== null) {
    const digests = await Promise.all(spec.services.map(specDigest));
    keep(file, { stamp, env: env.read, spec, digests });
  }
  return spec;
}

/** Null where the file cannot be looked at. */
function stampOf(path: string, home: string): Stamp | null {
  try {
    const real = Deno.realPathSync(path);
    const { dev, ino, size, mtime, ctime } = Deno.statSync(real);
    const { os, arch } = hostTarget();
    return {
      hale: haleStamp(),
      target: `${os}-${arch}`,
      home,
      path: real,
      device: dev,
      inode: ino,
      size,
      // A copy may bring its old time along, but not this one.
      changedAt: Math.max(mtime?.getTime() ?? Date.now(), ctime?.getTime() ?? 0),
    };
  } catch {
    return null;
  }
}

/** Another one whenever the same file might mean something else. */
function haleStamp(): string {
  const folder = import.meta.dirname;
  if (Deno.build.standalone || folder === undefined) return VERSION;
  // From source, hale is being worked on.
  const newest = ["config", "config/presets", "model", "platform"].map((part) => {
    const source = join(folder, "..", part);
    return Math.max(
      ...[...Deno.readDirSync(source)].map(({ name }) =>
        Deno.statSync(join(source, name)).mtime?.getTime() ?? 0
      ),
    );
  });
  return `${VERSION} ${Math.max(...newest)}`;
}

function readKept(file: string): KeptProject | null {
  try {
    return JSON.parse(Deno.readTextFileSync(file));
  } catch {
    return null; // Not there, or half of it: the file itself is read.
  }
}

function isSame(kept: Stamp, stamp: Stamp): boolean {
  return (Object.keys(stamp) as (keyof Stamp)[]).every((key) => kept[key] === stamp[key]);
}

function hasValues(
  kept: KeptProject["env"],
  env: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(kept).every(([name, value]) => (env[name] ?? null) === value);
}

/** Without care for power cuts: half of it is none, and it comes again. */
function keep(file: string, project: KeptProject): void {
  try {
    const folder = join(file, "..");
    // In the home, where there is one: who only looks makes none.
    makeFolder(folder);
    Deno.writeTextFileSync(file, JSON.stringify(project), { mode: 0o600 });
    removeOldest(folder);
  } catch {
    // A home that cannot be written to is still good to look at.
  }
}

function makeFolder(path: string): void {
  try {
    Deno.mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}

function removeOldest(folder: string): void {
  const files = [...Deno.readDirSync(folder)].map(({ name }) => join(folder, name));
  if (files.length <= MAX_KEPT) return;
  const usedAt = (path: string) => Deno.statSync(path).mtime?.getTime() ?? 0;
  const byTime = files.map((path) => ({ path, at: usedAt(path) })).sort((a, b) => a.at - b.at);
  for (const { path } of byTime.slice(0, files.length - MAX_KEPT)) Deno.removeSync(path);
}

/** A name for a path (FNV-1a). Where two paths share one, each is the other's miss. */
function nameOf(path: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(path)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, "0");
}
