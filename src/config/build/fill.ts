import { resolve } from "../../platform/path.ts";
import { interpolate, type Scope } from "./interpolate.ts";
import type { LoadContext, ServiceDraft } from "./service_draft.ts";

/**
 * Fills in the placeholders of a service's text.
 *
 * @param key Where in the service's table the text stands.
 * @param text The text as written.
 * @returns It without placeholders, or null where that cannot be and was reported.
 */
export type Fill = (key: readonly (string | number)[], text: string) => string | null;

/**
 * A {@linkcode Fill} that reports under the names of a service's keys.
 *
 * @param draft The service.
 * @param scope What placeholders mean.
 * @param context Where to report.
 * @returns The function.
 */
export function createFill(draft: ServiceDraft, scope: Scope, context: LoadContext): Fill {
  return (key, text) =>
    interpolate(text, scope, ({ at, message, ...details }) => {
      context.problems.add(at ?? [...draft.path, ...key], message, { value: text, ...details });
    });
}

/**
 * Reads paths of a service's table: relative ones start in the folder of `hale.toml`.
 *
 * @param fill Fills in placeholders.
 * @param folder Absolute path of that folder.
 * @returns Makes an absolute path of a key's text; null where there is none or it was reported.
 */
export function createPathReader(
  fill: Fill,
  folder: string,
): (key: string, written: string | undefined) => string | null {
  return (key, written) => {
    const path = written === undefined ? null : fill([key], written);
    return path === null ? null : resolve(folder, path);
  };
}
