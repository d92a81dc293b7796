import { cacheItems } from "../../../../app/releases/cache.ts";
import { openContext } from "../../../../app/context.ts";
import type { Invocation } from "../../../command.ts";
import { renderCache } from "../../../render/cache_table.ts";
import type { spec } from "./spec.ts";

/** `hale cache ls`: lists the artifacts in the cache. */
export async function run({ common, output }: Invocation<typeof spec>): Promise<number> {
  const items = await cacheItems(openContext(common));
  if (common.json) output.json(items);
  else if (items.length === 0) output.note("the cache is empty");
  else output.result(renderCache(items, output.stdout.color, Date.now()));
  return 0;
}
