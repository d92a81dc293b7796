import { HaleError } from "../errors.ts";
import { describeProblem, type Policy } from "./policy.ts";
import { ruleAllows } from "./release_rule.ts";
import { shownUrl } from "../text/redact_url.ts";

/**
 * Returns the error if a policy denies the start of a service.
 *
 * @param policy The policy.
 * @param service Name of the service; compared case-insensitively.
 * @returns `policy_denied`, which names the file and the entry; null if the service may start.
 */
export function deniedByPolicy(policy: Policy, service: string): HaleError | null {
  const what = `Cannot start ${service}`;
  if (policy.problems.length > 0) return brokenDenial(policy, what, { service });
  const name = folded(service);
  const rule = policy.deny.find(({ entry }) => entry === "*" || folded(entry) === name);
  if (rule === undefined) return null;
  const where = `${rule.key} has "${rule.entry}"` +
    (rule.line === null ? "" : ` on line ${rule.line}`);
  return new HaleError(
    "policy_denied",
    `${what}: ${policy.path} denies it (${where}). Remove the entry, or ask the owner of the file ` +
      "to remove it.",
    { fields: { service, path: policy.path, rule: rule.entry, line: rule.line } },
  );
}

/** A download that has not started. */
export interface PlannedDownload {
  /** Name of the engine. */
  readonly name: string;
  /**
   * URL of the artifact. Redirects are not checked: the owner of an allowed URL decides on them.
   */
  readonly url: string;
  /** URLs of the files with its checksums. */
  readonly checksumsUrls: readonly string[];
  /** Source of the checksum; `none` if there is no checksum. */
  readonly checksum: string;
}

/**
 * Returns the error if a policy denies a download.
 *
 * @param policy The policy.
 * @param download The download.
 * @returns `policy_denied`, which says why; null if the download is allowed.
 */
export function downloadDeniedByPolicy(
  policy: Policy,
  { name, url, checksumsUrls, checksum }: PlannedDownload,
): HaleError | null {
  const { path, allowedReleases: rules } = policy;
  const shown = shownUrl(url);
  const fields = { engine: name, url: shown, path };
  const what = `Cannot download ${name} from ${shown}`;
  if (policy.problems.length > 0) return brokenDenial(policy, what, fields);
  if (policy.requireChecksum && checksum === "none") {
    return new HaleError(
      "policy_denied",
      `${what}: ${path} has require_checksum = true, and the release has no checksum. Use a ` +
        "release with checksums, or set its checksum in `release.sha256` of hale.toml.",
      { fields },
    );
  }
  if (rules === null) return null;
  const refused = [url, ...checksumsUrls]
    .find((each) => !rules.some((rule) => ruleAllows(rule, new URL(each))));
  if (refused === undefined) return null;
  return new HaleError(
    "policy_denied",
    `Cannot download ${name}: no entry of releases.allow in ${path} allows ` +
      `${shownUrl(refused)}. Set release.endpoint to an allowed URL, or ask the owner of the ` +
      "file to allow this one.",
    { fields: { ...fields, url: shownUrl(refused) } },
  );
}

function brokenDenial(
  policy: Policy,
  what: string,
  fields: Readonly<Record<string, unknown>>,
): HaleError {
  const { path, problems } = policy;
  return new HaleError(
    "policy_denied",
    [
      `${what}: the policy ${path} is invalid and denies everything until it is corrected.`,
      ...problems.map((problem) => `  ${describeProblem(problem)}`),
    ].join("\n"),
    { fields: { ...fields, path, problems } },
  );
}

/** Folds case and Unicode forms, so that a denied name cannot be written in another way. */
function folded(name: string): string {
  return name.trim().normalize("NFC").toUpperCase().toLowerCase();
}
