import type { ConfigBundle } from "../../model/snapshots.ts";
import type { Color } from "../output/color.ts";
import { renderTime } from "./time.ts";

/** As many digits of a digest as tell it from others in practice. */
const SHORT_DIGITS = 12;

/**
 * The beginning of a digest, which stands for all of it.
 *
 * @param digest The digest, in hex.
 * @returns Its first digits.
 */
export function shortDigest(digest: string): string {
  return digest.slice(0, SHORT_DIGITS);
}

/**
 * What a service was launched with.
 *
 * @param bundle The configuration.
 * @param color The painter of the stream that it goes to.
 * @returns Lines for people: where it comes from, then all of its settings.
 */
export function renderConfigBundle(bundle: ConfigBundle, color: Color): string {
  const { config_digest, first_launched_at, binary, spec } = bundle;
  const { env, ...settings } = spec;
  const lines = [
    `configuration  ${config_digest}`,
    `first launch   ${renderTime(first_launched_at)}`,
    `executable     ${binary}`,
    `environment    ${env.length === 0 ? "none of its own" : `${env.join(", ")} (names alone)`}`,
  ];
  return [...lines, color("dim", JSON.stringify(settings, null, 2))].join("\n");
}
