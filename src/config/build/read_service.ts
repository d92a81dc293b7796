import * as v from "valibot";
import { isVersion } from "../../text/release_version.ts";
import { checkTable } from "../schema/check_table.ts";
import { mergePreset } from "../schema/merge_preset.ts";
import { type Preset, readPresets } from "../schema/presets.ts";
import type { Problems } from "../schema/problems.ts";
import { ServiceTable } from "../schema/schema.ts";
import { isTable } from "../schema/schema_values.ts";
import type { ServiceDraft } from "./service_draft.ts";

/**
 * Reads `[services.NAME]`: checks the shape, puts the table over its preset's, fills in defaults.
 *
 * @param name The NAME.
 * @param value What stands under it.
 * @param problems Where to report.
 * @returns The draft, or null where it is no table.
 */
export function readService(
  name: string,
  value: unknown,
  problems: Problems,
): ServiceDraft | null {
  const path = ["services", name];
  checkServiceName(name, problems);
  if (!isTable(value)) {
    problems.add(path, "expected a table", { value });
    return null;
  }
  const user = unifyVersion(value, () => {
    problems.add([...path, "version"], "differs from `release.version`; keep one of the two", {
      value: value.version,
    });
  });
  const checked = checkTable(ServiceTable, user, { path, problems });
  const preset = findPreset(checked.table.preset, (word, known) => {
    problems.add([...path, "preset"], "there is no such preset", {
      value: word,
      unknown: { word, known },
    });
  });
  const below = preset?.table ?? {};
  return {
    name,
    path,
    preset: preset?.name ?? null,
    table: v.parse(ServiceTable, mergePreset(below, checked.table)),
    written: mergePreset(below, user),
    userKeys: new Set(Object.keys(user)),
    whole: checked.whole && (checked.table.preset === undefined || preset !== null),
  };
}

/**
 * `version` may stand in the service or in its release. The service's is the one read from here on,
 * so that a user's is above a preset's wherever it stands.
 */
function unifyVersion(
  table: Record<string, unknown>,
  onDifference: () => void,
): Record<string, unknown> {
  const { release } = table;
  if (!isTable(release) || typeof release.version !== "string") return table;
  // It is reported where it stands.
  if (!isVersion(release.version)) return table;
  if ("version" in table && table.version !== release.version) onDifference();
  return { version: release.version, ...table };
}

function findPreset(
  name: unknown,
  onUnknown: (word: string, known: readonly string[]) => void,
): Preset | null {
  if (typeof name !== "string") return null;
  const presets = readPresets();
  const found = presets.find((preset) => preset.name === name) ?? null;
  if (found === null) onUnknown(name, presets.map((preset) => preset.name));
  return found;
}

function checkServiceName(name: string, problems: Problems): void {
  const fault = name.includes(".")
    ? 'it holds a ".", so that ${services.NAME.endpoint} would be ambiguous'
    : nameFault(name, { longest: 200 });
  if (fault !== null) problems.add(["services", name], `not a name for a service: ${fault}`);
}

/**
 * Why a text cannot be the name of a service or a runtime.
 *
 * @param name The text.
 * @param options `longest`: how many characters it may have.
 * @returns The reason for people, or null where it can.
 */
export function nameFault(name: string, options: { longest: number }): string | null {
  if (name === "") return "it is empty";
  if ([...name].length > options.longest) return `it has more than ${options.longest} characters`;
  if (/\p{Cc}/u.test(name)) return "it holds a control character";
  return name.trim() === name ? null : "it begins or ends with a space";
}
