import type { Scenario } from "./scenario.ts";

/**
 * Chooses scenarios by name.
 *
 * @param scenarios All scenarios.
 * @param names The names; none for all.
 * @returns The scenarios, in their own order.
 * @throws If a name is not one of a scenario.
 */
export function chosenScenarios(
  scenarios: readonly Scenario[],
  names: readonly string[],
): readonly Scenario[] {
  const unknown = names.filter((name) => !scenarios.some((scenario) => scenario.name === name));
  if (unknown.length > 0) {
    const known = scenarios.map(({ name }) => name).join(", ");
    throw new Error(`no scenario ${unknown.join(", ")}; there are ${known}`);
  }
  return names.length === 0 ? scenarios : scenarios.filter(({ name }) => names.includes(name));
}
