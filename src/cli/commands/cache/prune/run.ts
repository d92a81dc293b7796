import { format } from "@std/fmt/bytes";
import { pruneCache } from "../../../../app/releases/cache.ts";
import { openContext } from "../../../../app/context.ts";
import type { Invocation } from "../../../command.ts";
import type { spec } from "./spec.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Applies without --days, --keep and --all. */
const DEFAULT_DAYS = 30;

/** `hale cache prune`: removes unused artifacts from the cache. */
export async function run(invocation: Invocation<typeof spec>): Promise<number> {
  const { flags, common, output } = invocation;
  const { keep, all, dryRun } = flags;
  const days = flags.days ?? (keep === null && !all ? DEFAULT_DAYS : null);
  const { removed, kept, freed } = await pruneCache(openContext(common), {
    olderThanMs: days === null ? null : days * DAY_MS,
    keep,
    dryRun,
  });
  if (common.json) {
    output.json({ removed, kept, freed, dry_run: dryRun });
    return 0;
  }
  const outcome = dryRun ? "would be removed" : "removed";
  for (const { name, version, target, size } of removed) {
    output.result(`${name} ${version} ${target} ${outcome} (${format(size)})`);
  }
  for (const { name, version, path, added } of kept) {
    const [first, ...more] = added;
    if (first === undefined) continue;
    const others = more.length === 0 ? "" : ` and ${more.length} more`;
    output.warn(
      `${name} ${version} is kept: ${first}${others} beside ${path} is not from the release, and may be ` +
        "data of the program. Move or delete it, then prune again.",
    );
  }
  const inUse = kept.filter(({ in_use }) => in_use).length;
  output.note(
    `${removed.length} ${outcome} (${format(freed)}), ${kept.length} kept (${inUse} in use)`,
  );
  return 0;
}
