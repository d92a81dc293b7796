import { format } from "@std/fmt/bytes";
import type { CacheItem } from "../../app/releases/cache.ts";
import type { Color } from "../output/color.ts";
import { renderDuration } from "./duration.ts";
import { renderTable } from "./table.ts";

/**
 * Renders the contents of the cache as a table.
 *
 * @param items The artifacts.
 * @param color Styles texts for the output stream.
 * @param now The time, in milliseconds since 1970.
 * @returns The table.
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
      item.url === null ? "-" : format(item.size),
      item.in_use ? color("green", "in use") : renderAge(item.last_used, now),
      item.from ?? item.url ?? color("red", "unknown; hale does not run it"),
    ]),
  );
}

function renderAge(lastUsed: string | null, now: number): string {
  if (lastUsed === null) return "";
  return `${renderDuration(Math.max(0, now - Date.parse(lastUsed)))} ago`;
}
