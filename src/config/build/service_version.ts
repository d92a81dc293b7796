import { isVersion } from "../../text/release_version.ts";
import type { LoadContext, ServiceDraft } from "./service_draft.ts";

/** The version of a service's release, and who said so. */
export interface ServiceVersion {
  readonly version: string | null;
  /** Name of the variable, the file or the preset. */
  readonly source: string;
}

/**
 * The version that is asked for: the environment's, else the file's, else the preset's.
 *
 * @param draft The service.
 * @param context For the environment and the name of the file.
 * @returns The version.
 */
export function versionOf(
  { table, preset, userKeys }: ServiceDraft,
  { env, fileName }: Pick<LoadContext, "env" | "fileName">,
): ServiceVersion {
  const { version = null, version_env: variable } = table;
  if (variable !== undefined && env[variable]) return { version: env[variable], source: variable };
  return { version, source: userKeys.has("version") ? fileName : `preset ${preset}` };
}

/**
 * Reports a version out of the environment that cannot be one.
 *
 * @param draft The service.
 * @param context Where to report.
 */
export function checkVersionVariable(draft: ServiceDraft, context: LoadContext): void {
  const { version, source } = versionOf(draft, context);
  if (version === null || isVersion(version)) return;
  context.problems.add(
    [...draft.path, "version"],
    `the environment variable ${source} holds something that is no version such as "2.3.19"`,
    { variable: source },
  );
}
