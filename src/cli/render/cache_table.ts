import { format } from "@std/fmt/bytes";
import type { CacheItem } from "../../app/releases/cache.ts";
import type { Color } from "../output/color.ts";
import { renderDuration } from "./duration.ts";
import { renderTable } from "./table.ts";

/**
 * What is in the cache, as a table.
 *
 * @param items The artifacts.
 * @param color Paints where the stream has colours.
 * @param now The time, in milliseconds since 1970.
 * @returns The lines.
 */
export function renderCache(items: readonly CacheItem[], color: Color, now: number): string {
  return renderTable(
    [
      { header: "NAME" },
      { header: "VERSION" },
      { header: "TARGET" },
      { header: "SIZE", align: "right" },
      { header: "LAST USED" },
      { header: "FROM" },
    ],
    items.map((item) => [
      item.name,
      item.version,
      item.target,
      format(item.size),
      item.in_use ? color("green", "in use") : agoOf(item.last_used, now),
      item.from ?? item.url ?? color("red", "unknown: it is not run"),
    ]),
  );
}

function agoOf(lastUsed: string | null, now: number): string {
  if (lastUsed === null) return "";
  return `${renderDuration(Math.max(0, now - Date.parse(lastUsed)))} ago`;
}
