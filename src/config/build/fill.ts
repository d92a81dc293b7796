import { resolve } from "../../platform/path.ts";
import { interpolate, type Scope } from "./interpolate.ts";
import type { LoadContext, ServiceDraft } from "./service_draft.ts";

/**
 * Fills in the placeholders of a string in a service's table.
 *
 * @param key The key in the service's table.
 * @param text The string as written.
 * @returns The string without placeholders, or null if a problem was reported.
 */
export type Fill = (key: readonly (string | number)[], text: string) => string | null;

/**
 * Creates a {@linkcode Fill} that reports problems under the keys of a service.
 *
 * @param draft The service.
 * @param scope The values of placeholders.
 * @param context Where to report problems.
 * @returns The function.
 */
export function createFill(draft: ServiceDraft, scope: Scope, context: LoadContext): Fill {
  return (key, text) =>
    interpolate(text, scope, ({ at, message, ...details }) => {
      context.problems.add(at ?? [...draft.path, ...key], message, { value: text, ...details });
    });
}

/**
 * Creates a reader of paths in a service's table. Relative paths start in the folder of
 * `hale.toml`.
 *
 * @param fill Fills in placeholders.
 * @param folder Absolute path of that folder.
 * @returns A function that returns the absolute path of a key's value, or null if there is no value
 * or a problem was reported.
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
