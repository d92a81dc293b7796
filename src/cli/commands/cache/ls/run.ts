import { cacheItems } from "../../../../app/releases/cache.ts";
import { openContext } from "../../../../app/context.ts";
import type { InvocationOf } from "../../../registry.ts";
import { renderCache } from "../../../render/cache_table.ts";

/** `hale cache ls`: shows what is in the cache. */
export async function run({ common, output }: InvocationOf<"cache ls">): Promise<number> {
  const items = await cacheItems(openContext(common));
  if (common.json) output.json(items);
  else if (items.length === 0) output.note("the cache is empty");
  else output.result(renderCache(items, output.stdout.paint, Date.now()));
  return 0;
}
