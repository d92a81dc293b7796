import { format } from "@std/fmt/bytes";
import { formatDuration } from "../../text/format_duration.ts";
import { findUnfinished } from "../../resolve/cache/unfinished.ts";
import type { AppContext } from "../context.ts";
import { findLeftovers } from "../upgrade/upgrade_leftovers.ts";
import { type Found, note, ok } from "./finding.ts";

/** A download that has not changed for this long was killed: the network timeouts are shorter. */
const IDLE_MS = 10 * 60_000;

/**
 * Finds what killed upgrades and downloads have left. It does no harm, but takes space.
 *
 * @param context The home.
 * @param options The installed executable, if any.
 * @param now Milliseconds since 1970. @default the current time
 * @returns A note for each leftover, or one result that there is none.
 */
export function checkLeftovers(
  { paths }: Pick<AppContext, "paths">,
  { executable = null }: { readonly executable?: string | null },
  now = Date.now(),
): Found[] {
  const besides = executable === null ? [] : findLeftovers(executable);
  const found = besides.map((path) =>
    note(
      path,
      `An upgrade is under way, or was killed and left this file (${sizeOf(path)}).`,
      "The next `hale upgrade` removes it.",
    )
  );
  for (const { paths: unfinished, changedMs } of findUnfinished(paths.cache)) {
    if (now - changedMs < IDLE_MS) continue; // It may be under way.
    for (const path of unfinished) {
      found.push(note(
        path,
        `A download was killed ${formatDuration(roundedMs(now - changedMs))} ago and left this ` +
          `(${sizeOf(path)}).`,
        "A download of the same release continues or removes it. You can delete it.",
      ));
    }
  }
  return found.length > 0 ? found : [ok(paths.cache, "Nothing is left of killed downloads.")];
}

function roundedMs(ms: number): number {
  return Math.floor(ms / 60_000) * 60_000;
}

/** Of a folder: unknown, because its files may be many. */
function sizeOf(path: string): string {
  try {
    const { isFile, size } = Deno.lstatSync(path);
    return isFile ? format(size, { binary: true }) : "a folder";
  } catch {
    return "0 B";
  }
}
