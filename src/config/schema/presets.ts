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

/** Every preset, as it stands in its file. Its name is part of it; `hale init` takes the first. */
const PRESET_FILES: readonly string[] = [rivetEngine, natsServer, workerd, deno];

let presets: readonly Preset[] | undefined;

/**
 * Every preset that is built in.
 *
 * @returns The presets. They are parsed at the first call: a file without `preset` does not pay for it.
 */
export function readPresets(): readonly Preset[] {
  presets ??= PRESET_FILES.map((text) => {
    const { name, ...table } = parseToml(text);
    return { name: String(name), table };
  });
  return presets;
}
