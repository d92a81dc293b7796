import { parseToml } from "../toml/toml.ts";
import deno from "../presets/deno.toml" with { type: "text" };
import natsServer from "../presets/nats_server.toml" with { type: "text" };
import rivetEngine from "../presets/rivet_engine.toml" with { type: "text" };
import workerd from "../presets/workerd.toml" with { type: "text" };

/** A built-in service definition. */
export interface Preset {
  readonly name: string;
  /** The keys of a service table, as a user would write them. */
  readonly table: Readonly<Record<string, unknown>>;
}

/** The files of all presets by name. `hale init` uses the first by default. */
const PRESET_FILES: ReadonlyMap<string, string> = new Map([
  ["rivet-engine", rivetEngine],
  ["nats-server", natsServer],
  ["workerd", workerd],
  ["deno", deno],
]);

/** The names of all presets. */
export const PRESET_NAMES: readonly string[] = [...PRESET_FILES.keys()];

/**
 * Reads a preset. Only the file of this preset is parsed.
 *
 * @param name The name.
 * @returns The preset, or null if there is no preset of that name.
 */
export function readPreset(name: string): Preset | null {
  const text = PRESET_FILES.get(name);
  return text === undefined ? null : { name, table: parseToml(text) };
}

/** Reads all built-in presets. */
export function readPresets(): readonly Preset[] {
  return PRESET_NAMES.map((name) => readPreset(name)!);
}
