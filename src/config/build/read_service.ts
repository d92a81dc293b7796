import * as v from "valibot";
import { isVersion } from "../../text/release_version.ts";
import { checkTable } from "../schema/check_table.ts";
import { mergePreset } from "../schema/merge_preset.ts";
import { type Preset, PRESET_NAMES, readPreset } from "../schema/presets.ts";
import type { Problems } from "../schema/problems.ts";
import { ServiceTable } from "../schema/schema.ts";
import { isTable } from "../schema/schema_values.ts";
import type { ServiceDraft } from "./service_draft.ts";

/**
 * Reads `[services.NAME]`: checks it, merges it over its preset and fills in defaults.
 *
 * @param name The name of the service.
 * @param value The value of the table.
 * @param problems Where to report.
 * @returns The draft, or null if the value is not a table.
 */
export function readService(
  name: string,
  value: unknown,
  problems: Problems,
): ServiceDraft | null {
  const path = ["services", name];
  checkServiceName(name, problems);
  if (!isTable(value)) {
    problems.add(path, 'expected a table, such as [services.web] with command = "node"', { value });
    return null;
  }
  const user = unifyVersion(value, () => {
    problems.add([...path, "version"], "differs from `release.version`; remove one of the two", {
      value: value.version,
    });
  });
  const checked = checkTable(ServiceTable, user, { path, problems });
  const preset = findPreset(checked.table.preset, (word, known) => {
    problems.add([...path, "preset"], "unknown preset", {
      value: word,
      unknown: { word, known, format: JSON.stringify },
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
 * `version` may be set in the service or in its release. Both are moved to the service, so that the
 * user's version overrides a preset's in either place.
 */
function unifyVersion(
  table: Record<string, unknown>,
  onDifference: () => void,
): Record<string, unknown> {
  const { release } = table;
  if (!isTable(release) || typeof release.version !== "string") return table;
  // An invalid version is reported under its own key.
  if (!isVersion(release.version)) return table;
  if ("version" in table && table.version !== release.version) onDifference();
  return { version: release.version, ...table };
}

function findPreset(
  name: unknown,
  onUnknown: (word: string, known: readonly string[]) => void,
): Preset | null {
  if (typeof name !== "string") return null;
  const found = readPreset(name);
  if (found === null) onUnknown(name, PRESET_NAMES);
  return found;
}

function checkServiceName(name: string, problems: Problems): void {
  const fault = name.includes(".")
    ? 'it contains a ".", which would make ${services.NAME.endpoint} ambiguous'
    : name in Object.prototype
    ? "every JavaScript object has a property of that name"
    : nameFault(name, { longest: 200 });
  if (fault !== null) problems.add(["services", name], `not a valid service name: ${fault}`);
}

/**
 * Returns why a string is not a valid name for a service or a runtime.
 *
 * @param name The string.
 * @param options `longest`: the highest number of characters.
 * @returns The reason, for people, or null if the name is valid.
 */
export function nameFault(name: string, options: { longest: number }): string | null {
  if (name === "") return "it is empty";
  if ([...name].length > options.longest) return `it has more than ${options.longest} characters`;
  if (/\p{Cc}/u.test(name)) return "it contains a control character";
  return name.trim() === name ? null : "it begins or ends with a space";
}
