import { isTable } from "./schema_values.ts";

type Table = Readonly<Record<string, unknown>>;

/**
 * Keys that say the same thing in different ways, by table. A user who takes one way takes back
 * what the preset says in the others.
 */
const ALTERNATIVES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  health: [["http", "expect", "identify"], ["tcp"], ["exec"], ["log"]],
  release: [["url", "endpoint", "endpoint_env"], ["github", "tag"]],
};

/**
 * Puts a user's table over a preset's: tables key by key, anything else as the user has it.
 *
 * @param preset The preset's table.
 * @param user The user's table.
 * @returns A new table; the arguments stay as they are.
 */
export function mergePreset(preset: Table, user: Table): Record<string, unknown> {
  const below: Record<string, unknown> = { ...preset };
  for (const [key, ways] of Object.entries(ALTERNATIVES)) {
    const [theirs, ours] = [preset[key], user[key]];
    if (isTable(theirs) && isTable(ours)) below[key] = withoutOtherWays(theirs, ours, ways);
  }
  return mergeTables(below, user);
}

function withoutOtherWays(
  preset: Table,
  user: Table,
  ways: readonly (readonly string[])[],
): Table {
  // The first key of a way is the one that chooses it.
  const chosen = ways.find(([first]) => first! in user);
  if (chosen === undefined) return preset;
  const dropped = ways.filter((way) => way !== chosen).flat();
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
