/**
 * What a look at the system must show before it is believed. A child that was killed or could not
 * see has the same words as an empty system, and a service that seems gone is started a second time.
 *
 * @module
 */

import type { ProcessInfo } from "../types.ts";

/**
 * Believes a process table that has this process in it.
 *
 * @param table What the system showed.
 * @returns The same.
 * @throws If this process is missing: then others may be, too.
 */
export function assertProcessTable(table: readonly ProcessInfo[]): readonly ProcessInfo[] {
  if (table.some(({ pid }) => pid === Deno.pid)) return table;
  throw new Error(
    "the system's process table could not be read: not even hale itself is in what came " +
      `(${table.length} processes)`,
  );
}

/**
 * Believes a boot that has a name.
 *
 * @param text What the system said.
 * @returns The name, without spaces around it.
 * @throws If there is none.
 */
export function assertBootId(text: string): string {
  const name = text.trim();
  if (name !== "") return name;
  throw new Error("the system did not tell which boot this is");
}
