import { HaleError } from "../../errors.ts";
import type { ServiceSpec } from "../../model/service_spec.ts";
import type { ServiceStatus } from "../../model/service_state.ts";

/** What to do with a running launch of a service, as `on_mismatch` says. */
export type OwnVersion =
  /** It has the wanted version, as far as that is known. */
  | { readonly kind: "wanted" }
  /** It is left running; `warning` is for people. */
  | { readonly kind: "other"; readonly warning: string }
  /** It is replaced. */
  | { readonly kind: "replaced"; readonly version: string };

/**
 * Compares the version of a running launch with the one that a command wants. The configuration is the
 * same: only the variable of `version_env` asks for another version, or no longer does.
 *
 * A launch that was started for the wanted version stays what it is. It may report another one, because
 * an executable that was built here is used for any version.
 *
 * @param spec The service as the command wants it.
 * @param running The status of the running launch.
 * @returns What to do.
 * @throws {HaleError} `port_occupied` If the version differs and `on_mismatch` is "fail".
 */
export function checkOwnVersion(
  spec: ServiceSpec,
  running: Pick<ServiceStatus, "version" | "wanted_version">,
): OwnVersion {
  const { name, program, version: wanted } = spec;
  const { version } = running;
  if (program.kind !== "engine" || version === null) return { kind: "wanted" };
  if (version === wanted || running.wanted_version === wanted) return { kind: "wanted" };
  const { on_mismatch, version_source: source } = program.engine;
  const difference = `${name} runs version ${version}, but ${wanted} is wanted (${source})`;
  switch (on_mismatch) {
    case "replace":
      return { kind: "replaced", version };
    case "reuse":
      return {
        kind: "other",
        warning: `${difference}. \`on_mismatch = "reuse"\` leaves it running; ` +
          `\`hale restart ${name}\` replaces it.`,
      };
    case "fail":
      throw new HaleError(
        "port_occupied",
        `${difference}, and \`on_mismatch = "fail"\` forbids another version. Nothing was stopped. ` +
          `Replace it with \`hale restart ${name}\`, or ask for version ${version}.`,
        { fields: { service: name, version, expected: wanted } },
      );
  }
}
