import { isVersion } from "../../text/release_version.ts";
import type { LoadContext, ServiceDraft } from "./service_draft.ts";

/** The version of a service's release, and where it was set. */
export interface ServiceVersion {
  readonly version: string | null;
  /** The environment variable, the file or the preset. */
  readonly source: string;
}

/**
 * Returns the requested version: from the environment, else the file, else the preset.
 *
 * @param draft The service.
 * @param context The environment and the name of the file.
 * @returns The version and its source.
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
 * Reports an invalid version in an environment variable.
 *
 * @param draft The service.
 * @param context Where to report problems.
 */
export function checkVersionVariable(draft: ServiceDraft, context: LoadContext): void {
  const { version, source } = versionOf(draft, context);
  if (version === null || isVersion(version)) return;
  context.problems.add(
    [...draft.path, "version"],
    `expected a version such as "2.3.19" in the environment variable ${source}`,
    { variable: source },
  );
}
