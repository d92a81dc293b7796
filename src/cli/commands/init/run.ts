import { dirname, resolve } from "../../../platform/path.ts";
import { type FirstService, firstService } from "../../../app/project/first_service.ts";
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
  const presets = await choosePresets(flags.preset);
  const first = presets.length === 0 ? firstService(dirname(path)) : null;
  const services = first === null
    ? nameServices(presets)
    : [{ name: "web", lines: linesOf(first) }];
  await createFile(path, renderConfig(services));
  const found = first?.found ?? null;
  if (common.json) output.json({ path, services: services.map(({ name }) => name), found });
  output.note(`Wrote ${path}.`);
  const up = `hale ${common.config === null ? "" : `-c ${common.config} `}up`;
  if (first === null) output.note(`Next: ${up}`);
  else if (found === null) {
    output.note(
      "Nothing in its folder says which program to run, so it has an example: put your command into " +
        `[services.web].\nNext: edit it, then ${up}`,
    );
  } else {
    const command = [first.command, ...first.args].join(" ");
    output.note(`The service web runs \`${command}\`, because of ${found}.\nNext: ${up}`);
  }
  return 0;
}

/** A table of the file. */
interface NamedService {
  readonly name: string;
  readonly lines: readonly CommentedLine[];
}

async function choosePresets(names: readonly string[]): Promise<readonly Preset[]> {
  const chosen = new Map<string, Preset>();
  for (const name of names) {
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
  return presets.map((preset) => ({
    name: presets.length === 1 ? "engine" : preset.name,
    lines: presetLines(preset),
  }));
}

function presetLines({ name, table }: Preset): readonly CommentedLine[] {
  return [
    [`preset = "${name}"`, "built in: release source, health check and ports"],
    ...["version", "endpoint"].filter((key) => key in table).map((key): CommentedLine => [
      `${key} = ${JSON.stringify(table[key])}`,
      key === "version" ? "the release to run" : "the address it listens on",
    ]),
  ];
}

function linesOf({ command, args }: FirstService): readonly CommentedLine[] {
  const list = args.map((arg) => JSON.stringify(arg)).join(", ");
  return [
    [`command = ${JSON.stringify(command)}`, "the program"],
    [`args = [${list}]`, "its arguments, each a text of its own"],
    ['# endpoint = "http://127.0.0.1:8080"', "where it listens: hale waits until it answers"],
  ];
}

function renderConfig(services: readonly NamedService[]): string {
  const tables = services.map(({ name, lines }) =>
    alignComments([[`[services.${name}]`, "the name is up to you"], ...lines])
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
