/**
 * Checks process tables before they are used. The output of a child that was killed or had no access
 * looks like an empty process table, and a service that seems gone would be started a second time.
 *
 * @module
 */

import type { ProcessInfo } from "../types.ts";

/**
 * Asserts that a process table contains this process.
 *
 * @param table The process table.
 * @returns The same table.
 * @throws If this process is missing, because others may be missing too.
 */
export function assertProcessTable(table: readonly ProcessInfo[]): readonly ProcessInfo[] {
  if (table.some(({ pid }) => pid === Deno.pid)) return table;
  throw new Error(
    "the system's process table could not be read completely: hale's own process " +
      `(pid ${Deno.pid}) is not among the ${table.length} processes listed`,
  );
}

/**
 * Asserts that a boot id is not empty.
 *
 * @param text The output of the system.
 * @returns The boot id, without surrounding whitespace.
 * @throws If it is empty.
 */
export function assertBootId(text: string): string {
  const id = text.trim();
  if (id !== "") return id;
  throw new Error("the system's boot id could not be read: the output is empty");
}
