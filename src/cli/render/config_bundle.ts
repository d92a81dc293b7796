import type { ConfigBundle } from "../../model/snapshots.ts";
import type { Color } from "../output/color.ts";
import { renderTime } from "./time.ts";

/** Enough digits to be unique in practice. */
const SHORT_DIGITS = 12;

/**
 * Shortens a digest for display.
 *
 * @param digest The digest, in hex, and perhaps `@` and a version.
 * @returns Its first 12 digits, and the version.
 */
export function shortDigest(digest: string): string {
  const [hex = "", version] = digest.split("@", 2);
  return hex.slice(0, SHORT_DIGITS) + (version === undefined ? "" : `@${version}`);
}

/**
 * Renders the configuration that a service was launched with.
 *
 * @param bundle The configuration.
 * @param color Styles texts for the output stream.
 * @returns Digest, first launch, executable and names of variables, then all settings as JSON.
 */
export function renderConfigBundle(bundle: ConfigBundle, color: Color): string {
  const { config_digest, first_launched_at, binary, spec } = bundle;
  const { env, ...settings } = spec;
  const lines = [
    `configuration  ${config_digest}`,
    `first launch   ${renderTime(first_launched_at)}`,
    `executable     ${binary}`,
    `environment    ${env.length === 0 ? "none" : `${env.join(", ")} (values are not kept)`}`,
  ];
  return [...lines, color("dim", JSON.stringify(settings, null, 2))].join("\n");
}
