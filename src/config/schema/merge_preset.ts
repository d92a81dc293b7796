import { isTable } from "./schema_values.ts";

type Table = Readonly<Record<string, unknown>>;

/**
 * Groups of keys that exclude each other, by table. If a user sets the first key of a group, the
 * preset's keys of the other groups are dropped.
 */
const ALTERNATIVES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  health: [
    ["http", "method", "headers", "status", "expect", "identify"],
    ["tcp"],
    ["exec"],
    ["log"],
  ],
  release: [["url", "endpoint", "endpoint_env"], ["github", "tag"]],
};

/**
 * Merges a user's table over a preset's. Tables are merged key by key; other values are replaced.
 *
 * @param preset The preset's table.
 * @param user The user's table.
 * @returns A new table; the arguments are not modified.
 */
export function mergePreset(preset: Table, user: Table): Record<string, unknown> {
  const below: Record<string, unknown> = { ...preset };
  for (const [key, groups] of Object.entries(ALTERNATIVES)) {
    const [theirs, ours] = [preset[key], user[key]];
    if (isTable(theirs) && isTable(ours)) below[key] = withoutOtherGroups(theirs, ours, groups);
  }
  return mergeTables(below, user);
}

function withoutOtherGroups(
  preset: Table,
  user: Table,
  groups: readonly (readonly string[])[],
): Table {
  // The first key of a group selects it.
  const chosen = groups.find(([first]) => first! in user);
  if (chosen === undefined) return preset;
  const dropped = groups.filter((group) => group !== chosen).flat();
  return Object.fromEntries(Object.entries(preset).filter(([key]) => !dropped.includes(key)));
}

function mergeTables(below: Table, above: Table): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const under = merged[key];
    merged[key] = isTable(under) && isTable(value) ? mergeTables(under, value) : value;
  }
  return merged;
}
