import { resolve } from "../../../platform/path.ts";
import { type Preset, PRESET_NAMES, readPreset } from "../../../config/schema/presets.ts";
import { HaleError } from "../../../errors.ts";
import { systemReason } from "../../../files/io_error.ts";
import type { Invocation } from "../../command.ts";
import { displayWidth } from "../../render/width.ts";
import { usageError, UsageProblem } from "../../args/usage_problem.ts";
import type { spec } from "./spec.ts";

/** `hale init`: creates a commented hale.toml. */
export async function run({ flags, common, output }: Invocation<typeof spec>): Promise<number> {
  const path = resolve(common.config ?? "hale.toml");
  const services = nameServices(await choosePresets(flags.preset));
  await createFile(path, renderConfig(services));
  if (common.json) output.json({ path, services: services.map(({ name }) => name) });
  output.note(`Wrote ${path}.`);
  output.note(`Next: hale ${common.config === null ? "" : `-c ${common.config} `}up`);
  return 0;
}

interface NamedService {
  readonly name: string;
  readonly preset: Preset;
}

async function choosePresets(names: readonly string[]): Promise<readonly Preset[]> {
  const chosen = new Map<string, Preset>();
  for (const name of names.length === 0 ? PRESET_NAMES.slice(0, 1) : names) {
    const preset = readPreset(name);
    if (preset === null) {
      const message = `hale has no preset "${name}". Available: ${PRESET_NAMES.join(", ")}.`;
      const unknown = { word: name, known: PRESET_NAMES };
      throw await usageError(new UsageProblem(message, unknown), "init");
    }
    chosen.set(name, preset);
  }
  return [...chosen.values()];
}

/** A single service gets the name used in the manual; several are named after their presets. */
function nameServices(presets: readonly Preset[]): readonly NamedService[] {
  if (presets.length === 1) return [{ name: "engine", preset: presets[0]! }];
  return presets.map((preset) => ({ name: preset.name, preset }));
}

function renderConfig(services: readonly NamedService[]): string {
  const tables = services.map(({ name, preset }) =>
    alignComments([
      [`[services.${name}]`, "the name is up to you"],
      [
        `preset = "${preset.name}"`,
        "built in: release source, health check and ports",
      ],
      ...["version", "endpoint"].filter((key) => key in preset.table).map((key): CommentedLine => [
        `${key} = ${JSON.stringify(preset.table[key])}`,
        key === "version" ? "the release to run" : "the address it listens on",
      ]),
    ])
  );
  return '# "hale up" starts these services, "hale status" shows them, "hale down" stops them.\n' +
    tables.join("\n");
}

type CommentedLine = readonly [line: string, comment: string];

function alignComments(lines: readonly CommentedLine[]): string {
  const width = Math.max(...lines.map(([line]) => displayWidth(line)));
  return lines.map(([line, comment]) => `${line.padEnd(width)}  # ${comment}\n`).join("");
}

async function createFile(path: string, text: string): Promise<void> {
  try {
    await Deno.writeTextFile(path, text, { createNew: true });
  } catch (error) {
    const fields = { path };
    if (error instanceof Deno.errors.AlreadyExists) {
      throw new HaleError(
        "usage",
        `${path} already exists and was not changed. Edit it, start it with "hale up", or name ` +
          "another file with --config.",
        { fields, cause: error },
      );
    }
    throw new HaleError(
      "store_io",
      `Could not write ${path}: ${systemReason(error)}. ` +
        "Change to a writable folder, or name another file with --config.",
      { fields, cause: error },
    );
  }
}
