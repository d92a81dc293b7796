import { dirname, join, resolve } from "../platform/path.ts";
import { mayRead } from "./may_read.ts";

/** A folder, link or file on the way to a path. */
export interface PathStep {
  readonly path: string;
  /** Of a link: its own, not that of its target. */
  readonly info: Deno.FileInfo;
  /** Whether it lies in a folder to which others can write, such as `/tmp`. */
  readonly inSticky: boolean;
  /** Whether it is the end of the path. */
  readonly isLast: boolean;
  /** Whether it is the folder of the end of the path. */
  readonly isParentOfLast: boolean;
}

/** As the kernel, which then reports ELOOP. */
const MAX_LINKS = 40;
const STICKY_FOR_ALL = 0o1002;
/** This program lacks the permission to look. */
const UNSEEN = Symbol("unseen");

/**
 * Walks to a path as the kernel does: from the root through every folder and every link.
 *
 * @param path Absolute path.
 * @returns All steps, until the end or until something does not exist or cannot be looked at. What
 * opens the path reports that.
 */
export function* walkPath(path: string): Generator<PathStep> {
  const rest = partsOf(resolve(path));
  let current = rootOf(resolve(path));
  let links = 0;
  let inSticky = false;
  for (let next = current;;) {
    const isLast = rest.length === 0;
    const info = mayRead(next) ? look(next) : UNSEEN;
    if (info === null) return;
    if (info !== UNSEEN) {
      yield { path: next, info, inSticky, isLast, isParentOfLast: rest.length === 1 };
    }
    if (info !== UNSEEN && info.isSymlink) {
      if (++links > MAX_LINKS) return;
      const link = readLink(next);
      if (link === null) return;
      const target = resolve(dirname(next), link);
      rest.unshift(...partsOf(target));
      current = rootOf(target);
      next = current;
      inSticky = false;
      continue;
    }
    if (isLast) return;
    inSticky = info !== UNSEEN && ((info.mode ?? 0) & STICKY_FOR_ALL) === STICKY_FOR_ALL;
    current = next;
    next = join(current, rest.shift()!);
  }
}

function rootOf(path: string): string {
  const parent = dirname(path);
  return parent === path ? path : rootOf(parent);
}

function partsOf(path: string): string[] {
  const parent = dirname(path);
  return parent === path
    ? []
    : [...partsOf(parent), path.slice(parent.length).replace(/^[\\/]/, "")];
}

function look(path: string): Deno.FileInfo | null {
  try {
    return Deno.lstatSync(path);
  } catch {
    return null;
  }
}

function readLink(path: string): string | null {
  try {
    return Deno.readLinkSync(path);
  } catch {
    return null;
  }
}
